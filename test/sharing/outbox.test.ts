import { expect, it } from 'vitest'
import { createOutbox } from '../../src/sharing/outbox.js'
import type { AgedAsk } from '../../src/store/wanted-rows.js'
import { createFakeClock } from '../net/fake-clock.js'

const ask = { name: 'home.example.com', type: 'A', item: '', target: { kind: 'absent' }, ttlSeconds: 60 }

it('counts the age of an ask from the last time that it was asked', async () => {
  const clock = createFakeClock()
  const outbox = createOutbox(clock, 10)
  void outbox.add(ask, clock.now())
  await clock.advance(600_000)
  void outbox.add(ask, clock.now())
  await clock.advance(400_000)
  outbox.dropOlderThan(900_000)
  const written: AgedAsk[] = []
  await outbox.flush(async (asks) => {
    written.push(...asks)
    return []
  })
  expect(written).toEqual([{ ...ask, ageMs: 400_000 }])
})
