import { expect, it } from 'vitest'
import type { NewRecordSet } from '../../emulators/route53/records.js'
import type { Zone } from '../../emulators/route53/zone.js'
import {
  bucket,
  key,
  type ProcessWorld,
  type ProcessWorldOptions,
  startProcessWorld,
} from '../support/processes.js'

/** A world in which nothing is wrong: one zone, two hosts. */
export interface DoctorWorld extends ProcessWorld {
  /** The hosted zone example.com. */
  readonly zone: Zone
  /** Puts this CSV in the place of the database. */
  putCsv(csv: string): void
  /** Puts a record set into the zone, with a TTL of 60 s unless it is an alias. */
  putRecord(recordSet: NewRecordSet): void
}

/** A finding that a test expects: its status, its check, and what its sentence has in it. */
export type Expected = readonly [status: 'warning' | 'failed' | 'skipped', check: string, sentence: RegExp]

const csv = 'home.example.com,T0KEN-that-is-long-enough\n*.dyn.example.com,T0KEN-that-is-long-enough\n'

/** Starts a world. */
export async function createDoctorWorld(options: ProcessWorldOptions = {}): Promise<DoctorWorld> {
  const world = await startProcessWorld({ csv, ...options })
  const zone = world.route53.model.addZone({ name: 'example.com' })
  zone.put({ name: 'home.example.com', type: 'A', ttl: 60, values: ['192.0.2.1'] })
  return Object.assign(world, {
    zone,
    putCsv: (text: string) => void world.s3.put(bucket, key, text),
    putRecord: (recordSet: NewRecordSet) => zone.put({ ...(recordSet.values && { ttl: 60 }), ...recordSet }),
  })
}

/** Runs the doctor and checks what holds whatever it finds: it says so in its status, changes nothing, tells no secret. */
export async function examine(
  world: ProcessWorld,
  args: readonly string[] = ['--dns', world.dnsServer],
  change: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const before = recordsOf(world)
  const { status, stdout, stderr } = await world.run(['doctor', ...args], change)
  const lines = stdout.toString().trimEnd().split('\n')
  const failed = lines.filter((line) => line.startsWith('failed')).length
  const words = failed === 1 ? '1 finding failed' : `${failed} findings failed`
  expect({ status, stderr }).toEqual(
    failed > 0
      ? { status: 1, stderr: `dyndns53: ${words}, and each says what to do\n` }
      : { status: 0, stderr: '' },
  )
  expect(stdout.toString()).not.toMatch(/T0KEN|S3CR3T|AKIA/)
  expect(world.s3.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  expect(recordsOf(world)).toEqual(before)
  const changes = world.route53.model.log.calls.filter(({ action }) => action === 'ChangeResourceRecordSets')
  expect(changes.filter(({ outcome }) => outcome === 'ok')).toEqual([])
  return lines
}

function recordsOf({ route53 }: ProcessWorld) {
  return route53.model.zones().map((zone) => zone.records())
}

/** Checks that these findings, and no other, are not `ok`. */
export function expectFindings(lines: readonly string[], expected: readonly Expected[]): void {
  const amiss = lines.filter((line) => !line.startsWith('ok '))
  const heads = (line: string) => /^(\S+) +(\S+( \S+)?) {2}/.exec(line)?.slice(1, 3).join(' ')
  expect(amiss.map(heads), lines.join('\n')).toEqual(expected.map(([status, check]) => `${status} ${check}`))
  for (const [index, [, , sentence]] of expected.entries()) expect(amiss[index]).toMatch(sentence)
}

/** The findings of checks that could not be made, all for one reason. */
export function skipped(checks: readonly string[], reason: RegExp): Expected[] {
  return checks.map((check) => ['skipped', check, reason])
}

/** What is wrong, and every finding but the `ok` ones that the doctor then has. */
export interface Case {
  readonly options?: ProcessWorldOptions
  readonly change?: Readonly<Record<string, string>>
  readonly arrange?: (world: DoctorWorld) => unknown
  readonly findings: readonly Expected[]
}

/** A test for each case. */
export function itFinds(cases: Readonly<Record<string, Case>>): void {
  it.each(Object.entries(cases))('%s', async (_, { options, change, arrange, findings }) => {
    const world = await createDoctorWorld(options)
    await arrange?.(world)
    expectFindings(await examine(world, undefined, change), findings)
  })
}
