import { expect, it } from 'vitest'
import { createFakeClock } from './fake-clock.js'

it('runs timers in the order they fall due, those at one moment in the order they were set', async () => {
  const clock = createFakeClock(1000)
  const ran: [string, number][] = []
  const note = (name: string) => () => ran.push([name, clock.now()])
  clock.after(30, note('c'))
  clock.after(10, note('a'))
  clock.after(10, () => {
    note('b')()
    clock.after(5, note('set by b'))
    void Promise.resolve().then(() => clock.after(6, note('set by a promise of b')))
  })
  clock.after(20, note('cancelled'))()
  clock.after(41, note('not yet due'))
  await clock.advance(40)
  expect(ran).toEqual([
    ['a', 1010],
    ['b', 1010],
    ['set by b', 1015],
    ['set by a promise of b', 1016],
    ['c', 1030],
  ])
  expect(clock.now()).toBe(1040)
  expect(clock.timers).toBe(1)
})
