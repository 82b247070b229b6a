import { createHistoryTables, type NotedCalls } from '../../src/store/history-tables.js'
import { migrate } from '../../src/store/migrations.js'
import { createPostgres } from '../../src/store/postgres.js'
import type { TestDatabase } from '../../test/support/postgres.js'

/** What the hosts do all day. */
export interface Habit {
  readonly name: string
  /** The calls of a host in each period. */
  calls(host: number, period: number): Pick<NotedCalls, 'wanted' | 'from' | 'outcome'>[]
}

/** What a day left in the database. */
export interface DaySize {
  readonly calls: number
  readonly rows: number
  /** With the room that old versions of the rows have left, for the next ones to fill. */
  readonly tableBytes: number
  readonly indexBytes: number
  /** The share of the updates that touched no index, from 0 to 1. */
  readonly hotShare: number
}

/** Hosts, each of which calls every 5 minutes. */
const hostCount = 1000
const [periodsPerDay, periodMs] = [288, 300_000]
/** Statements that write the calls of a period. The service makes one a second, of 3 or 4 calls, which takes longer. */
const parts = 10

const ipv4 = (host: number, day = 0) => `203.${day}.${host >> 8}.${host & 255}`
const unchanged = (host: number) => ({ wanted: ipv4(host), from: ipv4(host), outcome: 'nochg' }) as const

/** What hosts do, the calmest first. */
export const habits: readonly Habit[] = [
  { name: 'nothing changes', calls: (host) => [unchanged(host)] },
  {
    name: 'IPv4 and IPv6 by a call each, nothing changes',
    calls: (host) => [unchanged(host), { ...unchanged(host), wanted: `2001:db8::${host.toString(16)}` }],
  },
  {
    name: 'a new address each day',
    calls(host, period) {
      const outcome = period === periodsPerDay / 2 ? 'good' : 'nochg'
      const address = ipv4(host, period < periodsPerDay / 2 ? 0 : 1)
      return [{ wanted: address, from: address, outcome }]
    },
  },
]

/** Writes a day of calls as the service does, and measures what is there then. */
export async function measureDay(database: TestDatabase, habit: Habit): Promise<DaySize> {
  const postgres = createPostgres({ url: database.url, tls: 'none' })
  let calls = 0
  try {
    await migrate(postgres)
    const tables = createHistoryTables(postgres)
    const hosts = Array.from({ length: hostCount }, (_, index) => index)
    for (let period = 0; period < periodsPerDay; period++) {
      const ageMs = (periodsPerDay - period) * periodMs
      for (let part = 0; part < parts; part++) {
        const noted = hosts
          .slice((part * hostCount) / parts, ((part + 1) * hostCount) / parts)
          .flatMap((host) => habit.calls(host, period).map((call) => noteOf(host, call, ageMs)))
        calls += noted.length
        const changes = noted
          .filter(({ outcome }) => outcome === 'good')
          .map(({ host, wanted }) => ({ host, type: 'A' as const, address: wanted, ageMs }))
        await tables.note(noted, changes)
      }
    }
  } finally {
    await postgres.close()
  }
  return { calls, ...(await sizeOf(database)) }
}

function noteOf(host: number, call: ReturnType<Habit['calls']>[number], ageMs: number): NotedCalls {
  return {
    ...call,
    host: `host-${host}.example.com`,
    userAgent: 'ddclient/3.10.0',
    path: '/nic/update',
    times: 1,
    firstAgeMs: ageMs,
    lastAgeMs: ageMs,
    mayGoOn: true,
  }
}

async function sizeOf(database: TestDatabase): Promise<Omit<DaySize, 'calls'>> {
  // As PostgreSQL does by itself within minutes.
  await database.query('VACUUM dyndns53.calls')
  const [row = {}] = await database.query(`
    SELECT (SELECT count(*) FROM dyndns53.calls) + (SELECT count(*) FROM dyndns53.changes) AS rows,
      pg_table_size('dyndns53.calls') + pg_table_size('dyndns53.changes') AS "tableBytes",
      pg_indexes_size('dyndns53.calls') + pg_indexes_size('dyndns53.changes') AS "indexBytes",
      (SELECT n_tup_hot_upd::float8 / greatest(1, n_tup_upd) FROM pg_stat_user_tables WHERE relname = 'calls') AS "hotShare"`)
  const figure = (name: string) => Number(row[name])
  return {
    rows: figure('rows'),
    tableBytes: figure('tableBytes'),
    indexBytes: figure('indexBytes'),
    hotShare: figure('hotShare'),
  }
}
