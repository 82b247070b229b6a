import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createHistoryTables } from '../../src/store/history-tables.js'
import { migrate } from '../../src/store/migrations.js'
import { createPostgres, type Postgres } from '../../src/store/postgres.js'
import { createSilenceRows } from '../../src/store/silence-rows.js'
import { type Receiver, startReceiver } from '../notices/receiver.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { closeProcessWorlds } from '../support/processes.js'
import { describePostgres, startCluster } from './cluster.js'

let postgres: TestPostgres
let receiver: Receiver
beforeAll(async () => {
  if (findPostgres()) postgres = await startPostgres()
  receiver = await startReceiver()
})
afterAll(() => postgres?.close())
afterAll(closeProcessWorlds)
afterAll(() => receiver.close())

const [silent, other, never] = ['host0.example.com', 'host1.example.com', 'host2.example.com']
const hourMs = 3_600_000

/** Notes calls that were so many hours ago. */
function noteCalls(pool: Postgres, hoursAgo: Readonly<Record<string, number>>): Promise<void> {
  const calls = Object.entries(hoursAgo).map(([host, hours]) => ({
    host,
    from: '203.0.113.7',
    userAgent: 'curl',
    path: '/register_ip',
    outcome: 'good' as const,
    wanted: '203.0.113.7',
    times: 1,
    firstAgeMs: hours * hourMs,
    lastAgeMs: hours * hourMs,
    mayGoOn: false,
  }))
  return createHistoryTables(pool).note(calls, [])
}

describePostgres('a silent host', () => {
  it('is told of once by two processes, and not again by the one that comes after them', async () => {
    const cluster = await startCluster(postgres, 3, {
      DYNDNS_NOTIFY_URL: `http://${receiver.host}/`,
      DYNDNS_SILENT_HOURS: '2',
    })
    const pool = createPostgres({ url: cluster.database.url, tls: 'none' })
    try {
      await migrate(pool)
      await noteCalls(pool, { [silent]: 3, [other]: 1 })
      const members = [await cluster.add(), await cluster.add()]
      const told = () => receiver.bodies().filter(({ kind }) => kind === 'host-silent')
      await vi.waitUntil(() => told().length > 0, 60_000)
      expect(told()).toMatchObject([{ items: [{ host: silent, lastCall: expect.any(String), times: 1 }] }])

      // Whoever comes after them looks at all of it, and tells only of one that has fallen silent meanwhile.
      for (const { process } of members) process.child.kill('SIGTERM')
      for (const { process } of members) expect(await process.exited).toBe(0)
      await cluster.database.query(
        `UPDATE dyndns53.calls SET first = first - interval '2 hours', last = last - interval '2 hours' WHERE host = $1`,
        [other],
      )
      await cluster.add()
      await vi.waitUntil(() => told().length > 1, 60_000)
      expect(told().slice(1)).toMatchObject([{ items: [{ host: other }], count: 1 }])
      expect(JSON.stringify(told())).not.toContain(never)
    } finally {
      await pool.close()
      await cluster.close()
    }
  }, 180_000)

  it('is claimed by one alone, by the clock of the database, and anew after each call', async () => {
    const database = await postgres.createDatabase()
    const pool = createPostgres({ url: database.url, tls: 'none' })
    try {
      await migrate(pool)
      const rows = createSilenceRows(pool)
      const at = (hours: number) => new Date(Date.now() - hours * hourMs)
      const [long, longer, lately] = [
        { host: silent, last: at(3) },
        { host: other, last: at(30) },
        { host: never, last: at(1) },
      ]
      const claims = await Promise.all(
        Array.from({ length: 4 }, () => rows.claim([long, longer, lately], 2 * hourMs)),
      )
      expect(claims.flat().sort()).toEqual([silent, other])
      expect(await rows.claim([long, longer], 2 * hourMs)).toEqual([])
      expect(await rows.claim([{ host: other, last: at(2.5) }], 2 * hourMs)).toEqual([other])
      // What the history has forgotten is forgotten here.
      await rows.claim([{ host: never, last: at(24 * 100) }], 2 * hourMs)
      await createHistoryTables(pool).prune(90, 10)
      const kept = await database.query('SELECT host FROM dyndns53.silences ORDER BY host')
      expect(kept).toEqual([{ host: silent }, { host: other }])
    } finally {
      await pool.close()
    }
  })
})
