import { describe, it } from 'vitest'
import { findPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.js'
import {
  type ProcessWorld,
  type ProcessWorldOptions,
  type Running,
  startProcessWorld,
  type Variables,
} from '../support/processes.js'
import { startTcpProxy, type TcpProxy } from '../support/proxy.js'
import type { Login } from '../support/request.js'

/** A built server that reaches the database by a proxy of its own. */
export interface Member extends Running {
  readonly proxy: TcpProxy
}

/** A database, the emulators, and servers that share them. */
export interface Cluster {
  readonly database: TestDatabase
  readonly world: ProcessWorld
  readonly hosts: readonly Login[]
  /** Starts one more server and waits until it shares the work, unless told not to. */
  add(change?: Variables, waitUntilShared?: boolean): Promise<Member>
  /** The server that writes; waits until there is one among these. */
  holderOf(members: readonly Member[]): Promise<Member>
  /** The address of a host in Route 53; undefined where there is none. */
  address(host: Login): string | undefined
  close(): Promise<void>
}

/** Quotas that no test uses up. */
const quotas = { DYNDNS_REQUESTS_PER_SECOND: '1000', DYNDNS_CHANGES_PER_SECOND: '10000' }

/** Tests with a PostgreSQL. Where it is missing they are skipped, or fail if CLIENTS_REQUIRED is set. */
export function describePostgres(name: string, tests: () => void): void {
  const isInstalled = findPostgres() !== undefined
  if (!isInstalled && process.env['CLIENTS_REQUIRED']) {
    it('PostgreSQL is installed', () => {
      throw new Error('PostgreSQL is not installed, and CLIENTS_REQUIRED is set: see .ci/run')
    })
  }
  describe.skipIf(!isInstalled)(isInstalled ? name : `${name} (PostgreSQL is not installed)`, tests)
}

/** A cluster without a server yet, with as many hosts in example.com; close it in the end. */
export async function startCluster(
  postgres: TestPostgres,
  hostCount: number,
  env: Variables = {},
  route53?: ProcessWorldOptions['route53'],
): Promise<Cluster> {
  const database = await postgres.createDatabase()
  const hosts = Array.from({ length: hostCount }, (_, index) => ({
    user: `host${index}.example.com`,
    token: `token-of-${index}`,
  }))
  const csv = hosts.map(({ user, token }) => `${user},${token}\n`).join('')
  const world = await startProcessWorld({
    csv,
    zones: ['example.com'],
    route53,
    env: { DYNDNS_TRUST_PROXY: '1', ...quotas, ...env },
  })
  const proxies: TcpProxy[] = []
  return {
    database,
    world,
    hosts,
    async add(change = {}, waitUntilShared = true) {
      const proxy = await startTcpProxy(postgres.port)
      proxies.push(proxy)
      const url = database.url.replace(`:${postgres.port}/`, `:${proxy.port}/`)
      const before = waitUntilShared ? await presentProcesses(database) : 0
      const running = await world.start({ DATABASE_URL: url, ...change })
      while (waitUntilShared && (await presentProcesses(database)) <= before) await pause()
      return { ...running, proxy }
    },
    async holderOf(members) {
      for (;;) {
        for (const member of members) if (await holdsLease(database, member)) return member
        await pause()
      }
    },
    address: ({ user }) => world.held(user)[0],
    async close() {
      await world.close()
      for (const proxy of proxies) await proxy.close()
    },
  }
}

async function presentProcesses(database: TestDatabase): Promise<number> {
  const rows = await database
    .query('SELECT count(*)::integer AS count FROM dyndns53.processes')
    .catch(() => [{ count: 0 }])
  return Number(rows[0]?.['count'])
}

/** By its log, which says under which epoch it writes. */
async function holdsLease(database: TestDatabase, { process }: Member): Promise<boolean> {
  const ask = 'SELECT epoch FROM dyndns53.lease WHERE expires_at > now()'
  // A test may have ended the database.
  const [lease] = await database.query(ask).catch(() => [])
  return (
    lease !== undefined && process.printed().includes(`"epoch":${lease['epoch']},"msg":"this process writes`)
  )
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50))
}
