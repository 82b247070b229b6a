import { pino } from 'pino'
import { expect, it } from 'vitest'
import { pendingRecord } from '../../src/registrar/record-queue.js'
import { createRetryLoop, type Step } from '../../src/registrar/retry-loop.js'
import { createAsking, wanted } from './asking.js'

it('does not sleep over a record that comes just when a step has found nothing', async () => {
  const { clock, queue, add } = createAsking()
  add('later').record.notBeforeMs = 60_000
  const done: string[] = []
  const options = {
    clock,
    log: pino({ enabled: false }),
    publish() {},
    random: () => 0,
    giveUpMs: 900_000,
    deadlineMs: () => Number.POSITIVE_INFINITY,
    onThrottled() {},
    onOver() {},
  }
  let steps = 0
  const loop = createRetryLoop(queue, options, { message: 'failed' }, async (): Promise<Step> => {
    const due = queue.takeDue(10)
    for (const { desired } of due) done.push(desired.name)
    if (due.length > 0) return { kind: 'done' }
    if (steps++ === 0)
      queueMicrotask(() => {
        queue.add(pendingRecord(wanted('now'), clock.now()))
        void loop.run()
      })
    return { kind: 'idle', ms: queue.nextDueInMs() }
  })
  void loop.run()
  await clock.advance(0)
  expect(done).toEqual(['now.example.com'])
})
