import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { createSharedRegistrar } from '../../src/sharing/shared-registrar.js'
import type { Beat } from '../../src/store/presence.js'
import type { Store } from '../../src/store/store.js'
import type { AgedAsk, WantedRow } from '../../src/store/wanted-rows.js'
import { settled } from '../net/fake-clock.js'
import { type Mishap, simulateRoute53 } from '../registrar/simulated-route53.js'
import { createVirtualRoute53, desired } from '../registrar/simulation.js'

const name = 'home.example.com'

/** A process that shares tables in memory, all in virtual time; `ask` answers late by `askMs`. */
function share(isHolder: boolean) {
  const { clock, model } = createVirtualRoute53()
  model.addZone({ name: 'example.com' })
  const table = new Map<string, WantedRow & { askedMs: number; outcome?: object }>()
  const settings = {
    askMs: 0,
    left: 0,
    mishap: 'none' as Mishap,
    beat: { epoch: isHolder ? 1 : undefined, others: 1, missing: 0 } as Beat,
  }
  let seq = 0

  /** The newest wish stays, and each ask opens the row. */
  function put({ ageMs, ...ask }: AgedAsk): WantedRow {
    const askedMs = clock.now() - ageMs
    const held = table.get(ask.name)
    seq++
    const row = {
      ...(held && held.askedMs > askedMs ? held : { ...ask, askedMs }),
      id: 1,
      firstSeq: seq,
      seq,
    }
    table.set(ask.name, { ...row, outcome: undefined } as never)
    return row
  }

  const store = {
    migrate: async () => {},
    listen() {},
    presence: { beat: async () => settings.beat, leave: async () => void settings.left++ },
    rows: {
      async ask(_: string, asks: AgedAsk[]) {
        const rows = asks.map(put)
        await new Promise<void>((resolve) => clock.after(settings.askMs, resolve))
        return rows
      },
      readOpen: async (from: number) => [...table.values()].filter((row) => !row.outcome && row.seq > from),
      async settle(_: object, said: { seq: number; outcome: object; isFinal: boolean }[]) {
        for (const row of table.values())
          for (const { outcome, isFinal, seq } of said) if (isFinal && row.seq <= seq) row.outcome = outcome
        return true
      },
      readOutcomes: async () => [...table.values()],
      dropForgotten: async () => [],
      pruneSettled: async () => {},
    },
  }
  const registrar = createSharedRegistrar({
    route53: simulateRoute53(model, clock, () => settings.mishap),
    log: pino({ enabled: false }),
    publish() {},
    clock,
    random: () => 0.5,
    requestQuota: { burst: 40, perSecond: 8 },
    changeQuota: { burst: 1200, perSecond: 80 },
    zoneIds: [],
    recheckMs: 30_000,
    recheckMaxMs: 900_000,
    waitMs: 20_000,
    giveUpMs: 900_000,
    closeMs: 20_000,
    maxPending: 20_000,
    store: store as unknown as Store,
  })
  return {
    registrar,
    settings,
    put,
    held: () => model.zones()[0]?.get(name, 'A')[0]?.values[0],
    async run(ms: number) {
      for (let ranMs = 0; ranMs < ms; ranMs += 50) {
        await clock.advance(50)
        await settled()
      }
    },
  }
}

describe('what is asked while its row is written', () => {
  it('is worked on, although this process becomes the holder just then', async () => {
    const { registrar, settings, held, run } = share(false)
    await run(5000)
    settings.askMs = 1500
    const outcome = registrar.register(desired(name, 1))
    await run(200)
    settings.beat = { epoch: 1, others: 1, missing: 0 }
    await run(25_000)
    expect(await outcome).toMatchObject({ kind: 'good' })
    expect(held()).toBe('203.0.0.1')
  })

  it('gives way to what was asked elsewhere after it and came into the row before it', async () => {
    const { registrar, settings, put, held, run } = share(true)
    await run(5000)
    settings.askMs = 1500
    void registrar.register(desired('other.example.com', 1))
    await run(100)
    // Waits for the statement before it.
    void registrar.register(desired(name, 1))
    await run(500)
    const { target, ttlSeconds } = desired(name, 2)
    put({ name, type: 'A', item: '', target, ttlSeconds, ageMs: 0 })
    await run(15_000)
    expect(held()).toBe('203.0.0.2')
  })
})

it('leaves alone what only another version knows how to write, and writes all else', async () => {
  const { registrar, put, held, run } = share(true)
  await run(5000)
  void registrar.register(desired(name, 1))
  await run(5000)
  put({ name, type: 'A', item: '', target: { kind: 'of a later version' }, ttlSeconds: 60, ageMs: 0 })
  await run(5000)
  const neighbour = registrar.register(desired('other.example.com', 2))
  await run(25_000)
  expect([held(), (await neighbour).kind]).toEqual(['203.0.0.1', 'good'])
})

it('hands the lease over at the end, although Route 53 says nothing', async () => {
  const { registrar, settings, run } = share(true)
  settings.beat = { epoch: 1, others: 0, missing: 0 }
  await run(5000)
  settings.mishap = 'stalled'
  const outcome = registrar.register(desired(name, 1))
  await run(1000)
  let isClosed = false
  void registrar.close().then(() => {
    isClosed = true
  })
  await run(20_000)
  expect((await outcome).kind).toBe('unavailable')
  expect([settings.left, isClosed]).toEqual([1, true])
})
