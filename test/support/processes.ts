import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Emulators, type EmulatorsOptions, startEmulators } from '../../emulators/emulators.js'
import { bucket, key } from '../../emulators/environment.js'
import { type CliResult, runCli } from './cli-process.js'
import { awsEnvironment, commandEnvironment } from './environment.js'
import { type Answer, type Login, request } from './request.js'
import { type ServerProcess, spawnServer } from './server-process.js'

export { bucket, key } from '../../emulators/environment.js'
export { secretKey } from './environment.js'

/** A host database with what a person's editor may leave in it. */
export const csv = Buffer.from(
  '\ufeff# our hosts\r\nhostname,token\r\n\r\nhome.example.com,"T0KEN ""a"", b"\r\nmünchen.example.com,T0KEN-ü',
)

/** Variables of the environment. */
export type Variables = Readonly<Record<string, string>>

/** How a world differs from the plain one: an empty bucket, no zone, nothing set but what leads to the emulators. */
export interface ProcessWorldOptions extends Pick<EmulatorsOptions, 's3' | 'route53' | 'csv' | 'zones'> {
  /** Variables of every server and command beside those that lead to the emulators. */
  readonly env?: Variables
}

/** The built server, that answers. */
export interface Running {
  readonly process: ServerProcess
  readonly url: string
  readonly port: number
  /** Requests /register_ip, or another path, as one proxy would pass it on from `from`. */
  register(login: Login | undefined, from?: string, path?: string): Promise<Answer>
}

/** The built command and the built server before emulators of their own, and a directory, empty at first, in which they run. */
export interface ProcessWorld extends Emulators {
  /** The environment of a command. */
  readonly env: Variables
  readonly directory: string
  /** The DNS server, as `--dns` takes it. */
  readonly dnsServer: string
  /** Runs `dyndns53` with these arguments. */
  dyndns53(...args: string[]): Promise<CliResult>
  /** Runs `dyndns53` in the world's environment with these changes. */
  run(args: readonly string[], change?: Variables): Promise<CliResult>
  /** Starts the built server with these changes of its environment; see spawnServer. */
  spawn(change?: Variables, prefix?: readonly string[]): ServerProcess
  /** Starts it and waits until it listens, and, unless told not to, until it has its hosts. */
  start(change?: Variables, waitUntilLoaded?: boolean, prefix?: readonly string[]): Promise<Running>
  /** The database in S3 as text; undefined where there is none. */
  stored(): string | undefined
  /** The A (or AAAA) values in Route 53 at this name. */
  held(name: string, type?: string): string[]
  /** The path of a file in the directory. */
  file(name: string): string
  /** What lies in the directory. */
  files(): Promise<string[]>
  /** Ends its servers and all else; a second call does nothing. */
  close(): Promise<void>
}

const open = new Set<ProcessWorld>()

/** Closes every world of this file: for `afterAll`, as tests that run side by side have no end of their own. */
export async function closeProcessWorlds(): Promise<void> {
  for (const world of open) await world.close()
}

/** Starts a world; close it in the end. */
export async function startProcessWorld(options: ProcessWorldOptions = {}): Promise<ProcessWorld> {
  const emulators = await startEmulators(options)
  const { s3, route53 } = emulators
  const directory = await mkdtemp(join(tmpdir(), 'dyndns53-'))
  const shared = { HOME: directory, ...options.env }
  const env = { ...commandEnvironment(emulators), ...shared }
  const dnsServer = `127.0.0.1:${emulators.dns.port}`
  const servers: ServerProcess[] = []
  const run = (args: readonly string[], change: Variables = {}) =>
    runCli(args, { ...env, ...change }, directory)
  const spawn = (change: Variables = {}, prefix: readonly string[] = []) => {
    const server = spawnServer(
      { ...awsEnvironment(s3, route53), DYNDNS_DNS_SERVER: dnsServer, ...shared, ...change },
      directory,
      prefix,
    )
    servers.push(server)
    return server
  }
  const closeEmulators = emulators.close
  // The emulators' own object, so that the DNS server sees what is assigned to its `dnsZones`.
  const world: ProcessWorld = Object.assign(emulators, {
    env,
    directory,
    dnsServer,
    dyndns53: (...args: string[]) => run(args),
    run,
    spawn,
    start: async (change?: Variables, waitUntilLoaded = true, prefix?: readonly string[]) =>
      untilReady(spawn(change, prefix), waitUntilLoaded),
    stored: () => s3.object(bucket, key)?.body.toString(),
    held: (name: string, type = 'A') =>
      route53.model.zones().flatMap((zone) => zone.get(name, type).flatMap(({ values }) => values)),
    file: (name: string) => join(directory, name),
    files: async () => (await readdir(directory)).sort(),
    async close() {
      if (!open.delete(world)) return
      for (const { child } of servers) child.kill('SIGKILL')
      await Promise.all(servers.map(({ exited }) => exited))
      await closeEmulators()
      await rm(directory, { recursive: true, force: true })
    },
  })
  open.add(world)
  return world
}

async function untilReady(server: ServerProcess, waitUntilLoaded: boolean): Promise<Running> {
  const port = Number((await server.logged('listening'))['port'])
  if (waitUntilLoaded) await server.logged('host database loaded')
  const url = `http://127.0.0.1:${port}`
  return {
    process: server,
    url,
    port,
    register: (login, from, path = '/register_ip') => request(url + path, login, from),
  }
}
