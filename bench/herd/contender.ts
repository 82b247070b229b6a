import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { spawnServer } from '../../test/support/server-process.js'

/** A server to be measured, in one process or in several. */
export interface Contender {
  readonly name: string
  /** Spawns it; `env` leads it to the emulators. Whoever starts it ends the processes. */
  start(env: Readonly<Record<string, string>>, zoneId: string): StartedServer
}

/** The processes of a server, and their ports once they can serve. */
export interface StartedServer {
  readonly processes: readonly ContenderProcess[]
  readonly ports: Promise<readonly number[]>
}

/** One of them. */
export interface ContenderProcess {
  readonly child: ChildProcess
  /** Everything that it printed so far, standard error included; nothing where it writes to this terminal itself. */
  printed(): string
}

/** The built server, with the whole quota of the account given to each process. */
export const dyndns53: Contender = severalProcesses('dyndns53', 1)

/** The built server in several processes, which share a PostgreSQL where its `url` is given. */
export function severalProcesses(name: string, processes: number, url?: string): Contender {
  return {
    name,
    start(env) {
      const servers = Array.from({ length: processes }, () =>
        startBuilt({ ...env, ...(url && { DATABASE_URL: url }) }),
      )
      return {
        processes: servers.map(({ server }) => server),
        ports: Promise.all(servers.map(({ port }) => port)),
      }
    },
  }
}

function startBuilt(env: Readonly<Record<string, string>>): {
  server: ContenderProcess
  port: Promise<number>
} {
  const settings = {
    DYNDNS_REQUESTS_PER_SECOND: '10',
    DYNDNS_CHANGES_PER_SECOND: '100',
    PORT: '0',
    DYNDNS_TRUST_PROXY: '1',
    DYNDNS_ALLOW_PRIVATE: 'true',
  }
  const server = spawnServer({ ...env, ...settings })
  const port = Promise.all([server.logged('listening'), server.logged('host database loaded')]).then(
    ([line]) => Number(line['port']),
  )
  return { server, port }
}

/** A server that makes two calls for each request. */
export const plain: Contender = {
  name: 'plain',
  start(env, zoneId) {
    const options = {
      execArgv: ['--import', 'tsx'],
      env: {
        PATH: process.env['PATH'],
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...env,
        PLAIN_ZONE_ID: zoneId,
      },
    }
    const child = fork(fileURLToPath(new URL('../plain-server.ts', import.meta.url)), options)
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the plain server ended')))
    const listening = once(child, 'message').then(([port]: unknown[]) => Number(port))
    return {
      processes: [{ child, printed: () => '' }],
      ports: Promise.race([listening, ended]).then((port) => [port]),
    }
  },
}
