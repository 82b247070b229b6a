import { setMaxListeners } from 'node:events'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { createDelivery } from '../../src/notices/delivery.js'
import { testNotice } from '../../src/notices/describe.js'
import type { PostResult } from '../../src/notices/post.js'
import { parseTargets } from '../../src/notices/targets.js'
import { createFakeClock } from '../net/fake-clock.js'

const sent: PostResult = { kind: 'sent', status: 200, words: '' }
const failed = (more: Partial<Extract<PostResult, { kind: 'failed' }>> = {}): PostResult => ({
  kind: 'failed',
  reason: 'status 500',
  isFinal: false,
  retryAfterMs: undefined,
  ...more,
})

/** A delivery in virtual time; each request takes `takesMs`, and gets the next of `results`, the last one again and again. */
function createWorld(results: readonly PostResult[], takesMs = 0) {
  const clock = createFakeClock()
  const log: Record<string, unknown>[] = []
  const triesMs: number[] = []
  const titles: string[] = []
  const parsed = parseTargets('https://example.net/S3CR3T')
  if ('flaw' in parsed || !parsed.targets[0]) throw new Error('no target')
  const delivery = createDelivery(parsed.targets[0], {
    clock,
    random: () => 1,
    log: pino({ base: null, timestamp: false }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    post: async ({ body }, signal) => {
      setMaxListeners(0, signal)
      const result = results[Math.min(triesMs.length, results.length - 1)] ?? sent
      triesMs.push(clock.now())
      titles.push(JSON.parse(body ?? '').title)
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true })
        if (takesMs === 0) resolve()
        else clock.after(takesMs, resolve)
      })
      return signal.aborted ? failed({ reason: 'ended' }) : result
    },
  })
  const push = (title = 'a notice') => delivery.push({ ...testNotice(new Date(0)), title })
  return { clock, log, delivery, push, titles, triesSeconds: () => triesMs.map((ms) => ms / 1000) }
}

describe('a notice', () => {
  it('is sent once where it is taken', async () => {
    const { clock, push, triesSeconds, log } = createWorld([sent])
    push()
    await clock.advance(600_000)
    expect({ tries: triesSeconds(), log, timers: clock.timers }).toEqual({ tries: [0], log: [], timers: 0 })
  })

  it('is tried 5 times, with pauses of 2, 8, 32 and 128 s, and then let go', async () => {
    const { clock, push, triesSeconds, log } = createWorld([failed()])
    push()
    await clock.advance(3_600_000)
    expect(triesSeconds()).toEqual([0, 2, 10, 42, 170])
    expect(log).toEqual([
      {
        level: 40,
        form: 'json',
        to: 'example.net',
        place: 1,
        notice: 'test',
        tries: 5,
        reason: 'status 500',
        msg: 'notice not sent',
      },
    ])
  })

  it('is not tried again where it is refused', async () => {
    const { clock, push, triesSeconds, log } = createWorld([failed({ isFinal: true, reason: 'status 404' })])
    push()
    await clock.advance(3_600_000)
    expect(triesSeconds()).toEqual([0])
    expect(log).toMatchObject([{ tries: 1, reason: 'status 404' }])
  })

  it('waits as long as it is asked to, within 10 minutes', async () => {
    const results = [
      failed({ retryAfterMs: 60_000 }),
      failed({ retryAfterMs: 86_400_000 }),
      failed({ retryAfterMs: 0 }),
      sent,
    ]
    const { clock, push, triesSeconds } = createWorld(results)
    push()
    await clock.advance(3_600_000)
    expect(triesSeconds()).toEqual([0, 60, 660, 692])
  })

  it('comes after those before it', async () => {
    const { clock, push, titles } = createWorld([failed(), sent])
    push('first')
    push('second')
    await clock.advance(2000)
    expect(titles).toEqual(['first', 'first', 'second'])
  })
})

describe('where more comes than can be sent', () => {
  it('the oldest go, and the log says how many', async () => {
    const { clock, push, titles, log } = createWorld([failed(), failed(), failed(), failed(), failed(), sent])
    for (let i = 0; i < 250; i++) push(`notice ${i}`)
    await clock.advance(3_600_000)
    const different = [...new Set(titles)]
    expect(different).toHaveLength(101)
    expect([different[0], different[1], different.at(-1)]).toEqual(['notice 0', 'notice 150', 'notice 249'])
    expect(log).toMatchObject([
      { msg: 'notice not sent' },
      { msg: 'notices dropped: more came than could be sent', dropped: 149 },
    ])
  })
})

describe('at the end', () => {
  it('what waits for another try is tried at once, and no more', async () => {
    const { clock, push, delivery, triesSeconds, log } = createWorld([failed()])
    push()
    await clock.advance(1000)
    const closed = delivery.close(2000)
    await clock.advance(0)
    await closed
    expect(triesSeconds()).toEqual([0, 1])
    expect(log).toMatchObject([{ tries: 2 }])
    expect(clock.timers).toBe(0)
  })

  it('what waits is sent for 2 s, and what is left is dropped', async () => {
    const { clock, push, delivery, titles, log } = createWorld([sent], 700)
    for (let i = 0; i < 10; i++) push(`notice ${i}`)
    const closed = delivery.close(2000)
    await clock.advance(2000)
    await closed
    expect(titles).toEqual(['notice 0', 'notice 1', 'notice 2'])
    expect(log).toMatchObject([{ msg: 'notices dropped at the end', dropped: 7 }, { reason: 'ended' }])
  })

  it('is at once where nothing waits', async () => {
    const { clock, delivery } = createWorld([sent])
    await delivery.close(2000)
    expect(clock.timers).toBe(0)
  })
})
