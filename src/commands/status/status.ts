import type { Command } from 'commander'
import { readAccountConfig } from '../../config.js'
import { addTo } from '../../multimap.js'
import { isDnsServer } from '../../net/dns.js'
import { parseAddress } from '../../net/ip-address.js'
import type { RecordSet } from '../../route53/api.js'
import { openAccount } from '../account.js'
import { readAddressRecords } from '../address-records.js'
import type { CommandContext } from '../context.js'
import { readRowsByName, sayBadLines } from '../database/rows-by-name.js'
import { acceptedDnsServer } from '../dns.js'
import { hostArguments } from '../host-argument.js'
import { count, oneLine } from '../lists.js'
import { type AnsweredRecord, askNameServers } from './answers.js'

interface StatusOptions {
  readonly dns?: string
  readonly json?: true
}

/** What is known of a host. */
interface HostStatus {
  readonly host: string
  readonly inDatabase: boolean
  /** Why the service cannot write it at all; undefined where it lies in a zone. */
  readonly problem: string | undefined
  /** A and AAAA, in this order; empty with a problem. */
  readonly records: readonly AnsweredRecord[]
}

/** Adds `status`. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show for each HOST, or all of them, what Route 53 holds and what the DNS answers')
    .argument('[HOST...]', 'full names', hostArguments)
    .option('--dns <SERVER>', 'ask this DNS server, by its address, in place of the name servers of the zone')
    .option('--json', 'write JSON')
    .addHelpText(
      'after',
      '\nReads, and changes nothing. A host that is not in the database is shown as well.',
    )
    .action((names: string[] | undefined, options: StatusOptions, command: Command) => {
      if (options.dns !== undefined && !isDnsServer(options.dns)) {
        command.error(`error: --dns takes ${acceptedDnsServer}`)
      }
      return showStatus(context, names ?? [], options)
    })
}

async function showStatus(
  context: CommandContext,
  names: readonly string[],
  { dns, json }: StatusOptions,
): Promise<void> {
  const hosts = await readStatus(context, names, dns)
  if (json) return context.printJson(hosts.map(asJson))
  const width = Math.max(0, ...hosts.map(({ host }) => host.length))
  const lines = hosts.flatMap((host) =>
    describe(host).map((what) => `${host.host.padEnd(width)}  ${oneLine(what)}\n`),
  )
  await context.print(lines.join(''))
  const working = hosts.filter(({ records }) => records.some(isServed)).length
  context.say(`${count(hosts.length, 'host')}, ${working} of them with an address that the DNS answers`)
}

async function readStatus(
  { env, openStore, say }: CommandContext,
  asked: readonly string[],
  dns: string | undefined,
): Promise<HostStatus[]> {
  const { database, zoneIds } = readAccountConfig(env)
  const store = openStore()
  const { rows, badLines } = readRowsByName((await store.read()).bytes)
  sayBadLines(say, store.place, badLines)
  const names = asked.length > 0 ? asked : [...rows.keys()]
  const account = openAccount(database.aws)
  const { records, zoneless } = await readAddressRecords(account, names, zoneIds)
  const byName = new Map<string, AnsweredRecord[]>()
  for (const answered of await askNameServers(records, account, dns)) {
    addTo(byName, answered.record.name, answered)
  }
  const problems = new Map([...zoneless].flatMap(([reason, those]) => those.map((name) => [name, reason])))
  return names.map((host) => ({
    host,
    inDatabase: rows.has(host),
    problem: problems.get(host),
    records: byName.get(host) ?? [],
  }))
}

/** Whether the DNS answers just what the service could have written. */
function isServed({ record, answer }: AnsweredRecord): boolean {
  return record.kind === 'own' && 'addresses' in answer && answer.addresses.join() === addressOf(record.held)
}

/** The canonical spelling of a record's one value; as it stands where that is no address. */
function addressOf({ values: [value = ''] }: RecordSet): string {
  return parseAddress(value)?.text ?? value
}

/** A line for each thing to say about a host, at least one. */
function describe({ inDatabase, problem, records }: HostStatus): string[] {
  const lines = problem === undefined ? records.flatMap(describeRecord) : [problem]
  if (lines.length === 0) {
    const [error] = records.flatMap(({ answer }) => ('error' in answer ? [answer.error] : []))
    const dns = error === undefined ? 'the DNS answers none' : `the DNS gives no answer (${error})`
    lines.push(`no address record, and ${dns}: it has not registered yet`)
  }
  // What keeps out A keeps out AAAA, in the same words.
  const different = [...new Set(lines)]
  return inDatabase ? different : [...different, 'not in the database: it may not register']
}

/** Nothing where there is no record, and the DNS has none. */
function describeRecord({ record, answer }: AnsweredRecord): string[] {
  const dns = 'error' in answer ? `the DNS gives no answer (${answer.error})` : undefined
  const addresses = 'addresses' in answer ? answer.addresses.join(', ') : ''
  switch (record.kind) {
    case 'absent':
      return addresses === '' ? [] : [`${record.type}: no record, yet the DNS answers ${addresses}`]
    case 'foreign':
      return [record.reason]
    case 'own': {
      const held = `${record.type} ${addressOf(record.held)}, TTL ${record.held.ttlSeconds ?? 0} s`
      if (isServed({ record, answer })) return [`${held}, and the DNS answers the same`]
      const other = `the DNS answers ${addresses || 'nothing'}: after a change, wait for a minute; else ask dyndns53 doctor`
      return [`${held}, but ${dns ?? other}`]
    }
  }
}

/** For a script; `answers` is null where the DNS gave none, and `dnsError` says why. */
function asJson({ host, inDatabase, problem, records }: HostStatus) {
  return {
    host,
    inDatabase,
    zone: records[0]?.record.zone.name ?? null,
    problem: problem ?? null,
    records: records.map(({ record, answer }) => ({
      type: record.type,
      kind: record.kind,
      address: record.kind === 'own' ? addressOf(record.held) : null,
      ttlSeconds: record.kind === 'own' ? (record.held.ttlSeconds ?? null) : null,
      reason: record.kind === 'foreign' ? record.reason : null,
      answers: 'addresses' in answer ? answer.addresses : null,
      dnsError: 'error' in answer ? answer.error : null,
    })),
  }
}
