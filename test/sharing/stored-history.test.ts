import { pino } from 'pino'
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory } from '../../src/history/memory-history.js'
import { createStoredHistory } from '../../src/sharing/stored-history.js'
import { createFakeClock, settled } from '../net/fake-clock.js'

afterEach(() => void vi.useRealTimers())

it('lets go what is old with one statement at a time, however slow that is', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  const clock = createFakeClock()
  const prune = vi.fn(() => new Promise<number>(() => {}))
  createStoredHistory({
    tables: {
      prune,
      note: async () => {},
      read: async () => ({ calls: [], changes: [] }),
      lastCalls: async () => [],
    },
    memory: createMemoryHistory(),
    days: 90,
    clock,
    log: pino({ enabled: false }),
  })
  await clock.advance(60_000)
  for (let tick = 0; tick < 5; tick++) {
    vi.advanceTimersByTime(1000)
    await settled()
  }
  expect(prune).toHaveBeenCalledTimes(1)
})
