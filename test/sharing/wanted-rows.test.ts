import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DesiredRecord, Target } from '../../src/registrar/record.js'
import { asksOf, combine, desiredOf } from '../../src/sharing/asks.js'
import { migrate } from '../../src/store/migrations.js'
import { createPostgres, type Postgres } from '../../src/store/postgres.js'
import { createPresence } from '../../src/store/presence.js'
import { createWantedRows, type WantedRow, type WantedRows } from '../../src/store/wanted-rows.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { describePostgres } from './cluster.js'

let server: TestPostgres
let postgres: Postgres
let rows: WantedRows
beforeAll(async () => {
  if (!findPostgres()) return
  server = await startPostgres()
  const { url } = await server.createDatabase()
  postgres = createPostgres({ url, tls: 'none' })
  await migrate(postgres)
  rows = createWantedRows(postgres)
})
afterAll(async () => {
  await postgres?.close()
  await server?.close()
})

const ask = (name: string, address: string, ageMs = 0) => ({
  name,
  type: 'A',
  item: '',
  target: { kind: 'address', address },
  ttlSeconds: 60,
  ageMs,
})
const one = async (...asks: Parameters<WantedRows['ask']>[1]) => {
  const [row] = await rows.ask('a process', asks)
  return row as WantedRow
}

describePostgres('the rows of what is wanted', () => {
  it('keep the newest wish of each record, and who asked for it', async () => {
    const first = await one(ask('a.example.com', '203.0.113.1'))
    const same = await one(ask('a.example.com', '203.0.113.1'))
    expect(same).toEqual({ ...first, seq: expect.any(Number) })
    expect(same.seq).toBeGreaterThan(first.seq)
    const newer = await one(ask('a.example.com', '203.0.113.2'))
    expect(newer).toMatchObject({ id: first.id, firstSeq: newer.seq, target: { address: '203.0.113.2' } })
    const late = await one(ask('a.example.com', '203.0.113.3', 60_000))
    expect(late).toMatchObject({ id: first.id, firstSeq: newer.seq, target: { address: '203.0.113.2' } })
    expect(late.seq).toBeGreaterThan(newer.seq)
  })

  it('are settled by who holds the lease, up to what they saw, and opened anew by an ask, even one that comes late', async () => {
    const presence = createPresence(postgres)
    const { epoch = 0 } = await presence.beat('holder')
    expect(await presence.beat('other')).toEqual({ epoch: undefined, others: 1, missing: 0 })
    const row = await one(ask('b.example.com', '203.0.113.1'))
    const outcome = { kind: 'good', address: '203.0.113.1' }
    const settled = { id: row.id, firstSeq: row.firstSeq, seq: row.seq, outcome, isFinal: true }
    expect(await rows.settle({ holder: 'other', epoch }, [settled])).toBe(false)
    expect(await rows.settle({ holder: 'holder', epoch: epoch + 1 }, [settled])).toBe(false)
    expect(await rows.readOutcomes([row.id])).toMatchObject([{ outcome: undefined }])
    expect(await rows.settle({ holder: 'holder', epoch }, [{ ...settled, seq: row.seq - 1 }])).toBe(true)
    expect(await rows.settle({ holder: 'holder', epoch }, [{ ...settled, isFinal: false }])).toBe(true)
    expect(await rows.readOutcomes([row.id])).toMatchObject([{ outcome: undefined }])
    expect(await rows.settle({ holder: 'holder', epoch }, [settled])).toBe(true)
    expect(await rows.readOutcomes([row.id])).toMatchObject([{ outcome, seq: row.seq }])
    const isOpen = async () => (await rows.readOpen(row.seq - 1, 10)).some(({ id }) => id === row.id)
    expect(await isOpen()).toBe(false)
    await one(ask('b.example.com', '203.0.113.9', 60_000))
    expect(await isOpen()).toBe(true)
    await presence.leave('holder')
    expect(await presence.beat('other')).toEqual({ epoch: epoch + 1, others: 0, missing: 0 })
  })

  it('are dropped when nobody asked for long', async () => {
    await one(ask('c.example.com', '203.0.113.1', 5000))
    expect(await rows.dropForgotten(60_000)).toEqual([])
    expect(await rows.dropForgotten(4000)).toMatchObject([{ name: 'c.example.com' }])
  })

  it('stay, once settled, for longer than an older ask is kept that may still come', async () => {
    const { epoch = 0 } = await createPresence(postgres).beat('other')
    const { id, firstSeq, seq } = await one(ask('d.example.com', '203.0.113.1'))
    const outcome = { kind: 'good', address: '203.0.113.1' }
    await rows.settle({ holder: 'other', epoch }, [{ id, firstSeq, seq, outcome, isFinal: true }])
    await postgres.query(
      `UPDATE dyndns53.wanted SET settled_at = settled_at - interval '1 hour' WHERE id = $1`,
      [id],
    )
    await rows.pruneSettled(3_600_000)
    expect(await rows.readOutcomes([id])).toHaveLength(1)
    await rows.pruneSettled(900_000)
    expect(await rows.readOutcomes([id])).toEqual([])
  })

  it('take thousands of asks in a statement, from two processes at once', async () => {
    const asks = Array.from({ length: 5000 }, (_, index) => ask(`h${index}.example.com`, '203.0.113.1'))
    const written = await Promise.all([rows.ask('one', asks), rows.ask('another', asks.toReversed())])
    expect(written.map(({ length }) => length)).toEqual([5000, 5000])
    expect(await rows.readOpen(0, 20_000)).toHaveLength(5000 + 2)
  })
})

const edits = (...wanted: [string, boolean][]): Target => ({
  kind: 'values',
  edits: { wanted: new Map(wanted), droppable: ['"old"'] },
})
const targets: [string, Target, number][] = [
  ['an address', { kind: 'address', address: '203.0.113.1' }, 1],
  ['a prefix', { kind: 'prefix', prefix: { network: '2001:db8::', bits: 48 } }, 1],
  ['no record', { kind: 'absent' }, 1],
  ['a value more', edits(['"a"', true]), 1],
  ['a value more and another one less', edits(['"a"', true], ['"b"', false]), 2],
]

it.each(targets)('%s is written as rows and read back', (_, target, count) => {
  const desired: DesiredRecord = { name: 'a.example.com', type: 'TXT', target, ttlSeconds: 60 }
  const asks = JSON.parse(JSON.stringify(asksOf(desired)))
  expect(asks).toHaveLength(count)
  const read = asks.map(desiredOf) as DesiredRecord[]
  if (target.kind !== 'values') expect(read).toEqual([desired])
  else {
    const wanted = read.flatMap((part) =>
      part.target.kind === 'values' ? [...part.target.edits.wanted] : [],
    )
    expect(wanted).toEqual([...target.edits.wanted])
  }
})

it('several rows have one outcome: what failed, before what went well', () => {
  const good = { kind: 'good', address: undefined } as const
  const nochg = { kind: 'nochg', address: undefined } as const
  const refused = { kind: 'refused', cause: 'no-zone', reason: 'x' } as const
  const unavailable = { kind: 'unavailable', cause: 'late', reason: 'y' } as const
  expect(combine([nochg, good])).toBe(good)
  expect(combine([nochg])).toBe(nochg)
  expect(combine([good, refused])).toBe(refused)
  expect(combine([refused, unavailable, good])).toBe(unavailable)
})
