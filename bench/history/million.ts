import { createHistoryTables, type HistoryTables } from '../../src/store/history-tables.js'
import { migrate } from '../../src/store/migrations.js'
import { createPostgres } from '../../src/store/postgres.js'
import type { TestDatabase } from '../../test/support/postgres.js'

/** Hosts of which the tables have a history of 100 days. */
const hostCount = 1000
/** What the commands and the service ask for. */
const [shownRows, rowsPerStep] = [100, 1000]

/** A filled history, and times in milliseconds of what is done to it. */
export interface Million {
  readonly rows: number
  /** What a row of calls takes with its indexes, and the part of these. */
  readonly rowBytes: number
  readonly rowIndexBytes: number
  /** `dyndns53 history HOST`, of hosts at random, `times` times. */
  timeReads(times: number): Promise<number[]>
  /** `dyndns53 list-hosts --seen` of all hosts, once. */
  timeLastCalls(): Promise<number>
  /** The service's own step of pruning: the rows that are older than `days`, at most 1,000 of each table at a time. */
  timePruning(days: number, steps: number): Promise<number[]>
  /** Prunes and reads without a pause, until `until` resolves; resolves with the steps that were made. */
  pruneUntil(days: number, until: Promise<unknown>): Promise<number>
  close(): Promise<void>
}

/** Fills the tables of a new database with this many calls and a tenth as many changes. */
export async function fillHistory(database: TestDatabase, rows: number): Promise<Million> {
  const postgres = createPostgres({ url: database.url, tls: 'none' })
  await migrate(postgres)
  const perHost = Math.ceil(rows / hostCount)
  // In the order of time, as it would have come to be.
  await database.query(`
    INSERT INTO dyndns53.calls (host, is_refusal, first, last, times, caller, user_agent, path, outcome, wanted)
    SELECT 'host-' || h || '.example.com', false, at, at + interval '1 hour', 12, address, 'ddclient/3.10.0', '/nic/update', 'nochg', address
    FROM generate_series(1, ${perHost}) AS n, generate_series(0, ${hostCount - 1}) AS h,
      LATERAL (SELECT now() - (1 - n / ${perHost}.0) * interval '100 days' AS at, '203.0.' || n % 250 || '.' || h % 250 AS address) AS a
    ORDER BY n, h`)
  await database.query(`
    INSERT INTO dyndns53.changes (host, at, type, address)
    SELECT host, first, 'A', wanted FROM dyndns53.calls WHERE id % 10 = 0 ORDER BY id`)
  await database.query('VACUUM ANALYZE')
  const [size = {}] = await database.query(`
    SELECT pg_total_relation_size('dyndns53.calls') / count(*) AS row, pg_indexes_size('dyndns53.calls') / count(*) AS indexes
    FROM dyndns53.calls`)
  const tables = createHistoryTables(postgres)
  return {
    rows: perHost * hostCount,
    rowBytes: Number(size['row']),
    rowIndexBytes: Number(size['indexes']),
    timeReads: (times) => timeEach(times, () => readOne(tables)),
    async timeLastCalls() {
      const hosts = Array.from({ length: hostCount }, (_, index) => nameOf(index))
      const [ms = Number.NaN] = await timeEach(1, async () => {
        const { length } = await tables.lastCalls(hosts)
        if (length !== hostCount) throw new Error(`list-hosts found ${length} hosts of ${hostCount}`)
      })
      return ms
    },
    timePruning: (days, steps) =>
      timeEach(steps, async () => {
        if ((await tables.prune(days, rowsPerStep)) < rowsPerStep) throw new Error('nothing is left to prune')
      }),
    async pruneUntil(days, until) {
      let isOver = false
      void until.finally(() => {
        isOver = true
      })
      for (let steps = 0; ; steps++) {
        if (isOver) return steps
        await Promise.all([tables.prune(days, rowsPerStep), readOne(tables)])
      }
    },
    close: () => postgres.close(),
  }
}

async function readOne(tables: HistoryTables): Promise<void> {
  const { calls } = await tables.read(nameOf(Math.floor(Math.random() * hostCount)), shownRows)
  if (calls.length === 0) throw new Error('a host without a history')
}

function nameOf(index: number): string {
  return `host-${index}.example.com`
}

async function timeEach(times: number, act: () => Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  while (took.length < times) {
    const startedMs = performance.now()
    await act()
    took.push(performance.now() - startedMs)
  }
  return took
}
