import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRoute53Emulator } from '../../emulators/route53/server.js'
import { startS3Emulator } from '../../emulators/s3/emulator.js'
import { type CliResult, runCli } from '../support/cli-process.js'
import { spawnServer } from '../support/server-process.js'
import { awsEnvironment, bucket, key, request } from '../support/world.js'

/** The built command and the built server, with one database. */
export interface RouterWorld {
  /** The service, as `--url` names it. */
  readonly url: string
  /** Runs `dyndns53 router` for this service. */
  router(...args: string[]): Promise<CliResult>
  /** What it prints for a type whose setup is a file. */
  file(host: string, type: string): Promise<string>
  /** What it prints for a type whose setup are fields. */
  fields(host: string, type: string): Promise<Record<string, string>>
  /** Sends what a router sends; resolves with `<status> <body>`. */
  send(url: string, user: string | undefined, token: string | undefined): Promise<string>
  /** The A (or AAAA) values in the zone at this name. */
  held(name: string, type?: string): string[]
  newDirectory(): Promise<string>
  close(): Promise<void>
}

/** Where what is sent comes from, as the proxy in front says. */
export const callerAddress = '203.0.113.9'

/** Starts a world with this database; close it in the end. */
export async function startRouterWorld(csv: string): Promise<RouterWorld> {
  const s3 = await startS3Emulator({ buckets: [bucket] })
  s3.put(bucket, key, csv)
  const route53 = await startRoute53Emulator()
  const zone = route53.model.addZone({ name: 'example.com' })
  const env = { ...awsEnvironment(s3, route53), DYNDNS_TRUST_PROXY: '1' }
  const server = spawnServer(env)
  const { port } = await server.logged('listening')
  await server.logged('host database loaded')
  const url = `http://127.0.0.1:${port}`
  const directories: string[] = []
  const router = (...args: string[]) => runCli(['router', ...args, '--url', url], env)
  const json = async (host: string, type: string) => {
    const { status, stdout, stderr } = await router(host, '--type', type, '--json')
    if (status !== 0) throw new Error(stderr)
    return JSON.parse(stdout.toString())
  }
  return {
    url,
    router,
    async file(host, type) {
      const { status, stdout, stderr } = await router(host, '--type', type)
      if (status !== 0) throw new Error(stderr)
      return stdout.toString()
    },
    fields: async (host, type) => (await json(host, type)).fields,
    async send(target, user = '', token = '') {
      const { status, body } = await request(target, { user, token }, callerAddress)
      return `${status} ${body}`
    },
    held: (name, type = 'A') => zone.get(name, type).flatMap((set) => set.values),
    async newDirectory() {
      const directory = await mkdtemp(join(tmpdir(), 'dyndns53-router-'))
      directories.push(directory)
      return directory
    },
    async close() {
      server.child.kill()
      await server.exited
      await Promise.all([s3.close(), route53.close()])
      await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })))
    },
  }
}

/** A token with whatever a format may trip over. */
export const oddToken = `a'b"c\\d#e,f $g\${HOME}%i <h>&i=j|k`

/** A line of the database. */
export function csvLine(host: string, token: string): string {
  return `${host},"${token.replaceAll('"', '""')}"\n`
}

/** Replaces all placeholders of a router by their values. */
export function fillIn(template: string, values: Record<string, string>): string {
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), template)
}
