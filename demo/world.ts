import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulators } from '../emulators/emulators.js'
import { accessKeyId } from '../emulators/environment.js'
import { documentedQuotas } from '../emulators/route53/quotas.js'
import { within } from './deadline.js'
import { type Environment, projectDirectory, runCli, type ServerProcess, startServer } from './process.js'

/** A login of the demo's database. */
export interface Login {
  readonly host: string
  readonly token: string
}

/** A host in the zone example.net. */
export const home: Login = { host: 'home.example.net', token: 'correct-horse' }

/** A host whose name ends in both zones, and whose records belong into the longer one. */
export const bob: Login = { host: 'bob.friends.example.net', token: 'battery-staple' }

const zones = ['example.net', 'friends.example.net']

const database = `# Who may register: a line for each host.
hostname,token
${home.host},${home.token}
${bob.host},${bob.token}
`

/** The service at work, and all that it needs. */
export interface World {
  readonly server: ServerProcess
  /** Where the server is reached, without a slash at the end. */
  readonly url: string
  /** The UDP port on 127.0.0.1 at which the zones are served. */
  readonly dnsPort: number
  /** What leads the command line and the server to the emulators, beside PATH and HOME. */
  readonly environment: Environment
  /** A directory that ends with the demo. */
  readonly directory: string
}

/** How a world is watched and stopped. */
export interface WorldOptions {
  readonly signal: AbortSignal
  onLogLine(line: string): void
}

type Cleanup = () => Promise<unknown>

/** Builds a world, uses it and takes it down again, whatever happens. Throws the signal's reason when it aborts. */
export async function inWorld(
  { signal, onLogLine }: WorldOptions,
  use: (world: World) => Promise<void>,
): Promise<void> {
  if (!['server', 'cli'].every((name) => existsSync(join(projectDirectory, 'dist', `${name}.js`)))) {
    throw new Error('dist/ is missing: run npm run build')
  }
  const cleanups: Cleanup[] = []
  try {
    const directory = await mkdtemp(join(tmpdir(), 'dyndns53-demo-'))
    cleanups.push(() => rm(directory, { recursive: true, force: true }))
    // An account with Amazon's quotas, some latency, and one access key.
    const { environment, s3, dns, close } = await startEmulators({
      s3: { accessKeyId },
      route53: { accessKeyId, quotas: documentedQuotas, latencyMs: 50 },
      zones,
    })
    cleanups.push(close)

    const surroundings = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment }
    const file = join(directory, 'database.csv')
    await writeFile(file, database)
    await runCli(['upload-database', file], surroundings, signal)

    // The service has no hosts yet when it is called first.
    s3.inject({ kind: 'delay', ms: 500 })
    const settings = {
      PORT: '0',
      DYNDNS_TRUST_PROXY: '1',
      DYNDNS_ALLOW_PRIVATE: 'true',
      DYNDNS_DNS_SERVER: `127.0.0.1:${dns.port}`,
    }
    const server = startServer({ ...surroundings, ...settings }, onLogLine)
    cleanups.push(() => server.stop())
    const port = await within(server.ready, 'starting the server', signal)
    await use({ server, url: `http://127.0.0.1:${port}`, dnsPort: dns.port, environment, directory })
  } finally {
    await cleanUp(cleanups)
  }
}

/** Takes down last what came first, and goes on where something fails. */
async function cleanUp(cleanups: Cleanup[]): Promise<void> {
  const last = cleanups.pop()
  if (!last) return
  try {
    await last()
  } finally {
    await cleanUp(cleanups)
  }
}
