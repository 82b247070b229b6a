import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenBucket, type Quota } from '../../src/route53/rate-limit.js'
import { createFakeClock, settled } from '../net/fake-clock.js'
import { propertyRuns } from '../support/property-runs.js'

/** A bucket whose takers note when they were served. */
function world(quota: Quota) {
  const clock = createFakeClock()
  const bucket = createTokenBucket(quota, clock)
  const served: { name: string; atMs: number; tokens: number }[] = []
  const take = (name: string, tokens: number) =>
    void bucket.take(tokens).then((answered) => {
      served.push({ name, tokens, atMs: clock.now() })
      answered()
    })
  return { clock, bucket, served, take, names: () => served.map(({ name }) => name).join('') }
}

describe('a token bucket', () => {
  it('does not fill up past what a call under way leaves, until that is answered', async () => {
    const clock = createFakeClock()
    const bucket = createTokenBucket({ burst: 10, perSecond: 10 }, clock)
    const answered = await bucket.take(6)
    await clock.advance(60_000)
    expect(bucket.available()).toBe(4)
    answered()
    expect(bucket.available()).toBe(4)
    await clock.advance(300)
    expect(bucket.available()).toBe(7)
  })

  it('takes back what was taken for nothing, and serves those who wait from it', async () => {
    const { bucket, take, names } = world({ burst: 4, perSecond: 1 })
    take('a', 4)
    take('b', 3)
    await settled()
    expect(names()).toBe('a')
    bucket.refund(4)
    await settled()
    expect(names()).toBe('ab')
    bucket.refund(100)
    expect(bucket.available()).toBe(4)
  })

  it('is full at first, and serves as long as it lasts without a timer', async () => {
    const { clock, bucket, take, names } = world({ burst: 4, perSecond: 2 })
    expect(bucket.available()).toBe(4)
    take('a', 3)
    take('b', 1)
    await settled()
    expect(names()).toBe('ab')
    expect(bucket.available()).toBe(0)
    expect(clock.timers).toBe(0)
  })

  it('makes the next one wait until enough is refilled', async () => {
    const { clock, take, served } = world({ burst: 4, perSecond: 2 })
    take('a', 4)
    take('b', 3)
    await clock.advance(1499)
    expect(served).toHaveLength(1)
    await clock.advance(10)
    expect(served).toHaveLength(2)
    expect(clock.timers).toBe(0)
  })

  it('serves in the order of coming: a small one does not pass a large one', async () => {
    const { clock, bucket, take, names } = world({ burst: 10, perSecond: 10 })
    take('a', 10)
    take('b', 10)
    take('c', 1)
    await clock.advance(500)
    expect(names()).toBe('a')
    expect(bucket.available()).toBe(0)
    await clock.advance(510)
    expect(names()).toBe('ab')
    await clock.advance(110)
    expect(names()).toBe('abc')
  })

  it('holds no more than a burst, however long the rest', async () => {
    const { clock, bucket, take, names } = world({ burst: 5, perSecond: 100 })
    await clock.advance(3_600_000)
    expect(bucket.available()).toBe(5)
    take('a', 5)
    take('b', 1)
    await settled()
    expect(names()).toBe('a')
  })

  it('takes more than a burst as a burst', async () => {
    const { clock, bucket, take, served } = world({ burst: 5, perSecond: 1 })
    take('a', 500)
    await settled()
    expect(served).toMatchObject([{ name: 'a' }])
    expect(bucket.available()).toBe(0)
    take('b', 500)
    await clock.advance(5010)
    expect(served).toHaveLength(2)
  })

  it('is empty after a drain, and those who wait then wait for a refill from nothing', async () => {
    const { clock, bucket, take, names } = world({ burst: 10, perSecond: 10 })
    bucket.drain()
    expect(bucket.available()).toBe(0)
    take('a', 5)
    await clock.advance(400)
    bucket.drain()
    await clock.advance(490)
    expect(names()).toBe('')
    await clock.advance(20)
    expect(names()).toBe('a')
  })

  const steps = fc.array(
    fc.record({ restMs: fc.nat(1500), tokens: fc.integer({ min: 1, max: 12 }), drain: fc.boolean() }),
    { minLength: 1, maxLength: 25 },
  )
  const quotas = fc.record({
    burst: fc.integer({ min: 1, max: 10 }),
    perSecond: fc.integer({ min: 1, max: 9 }),
  })

  it('never gives out more than the burst and the refill, over any window, serves all, and in order', async () => {
    await fc.assert(
      fc.asyncProperty(quotas, steps, async (quota, list) => {
        const { clock, bucket, take, served } = world(quota)
        for (const [index, { restMs, tokens, drain }] of list.entries()) {
          await clock.advance(restMs)
          if (drain && index % 5 === 0) bucket.drain()
          take(String(index), tokens)
        }
        await clock.advance(list.length * (quota.burst / quota.perSecond) * 1000 + list.length * 2000)
        expect(served.map(({ name }) => name)).toEqual(list.map((_, index) => String(index)))
        for (const [from, first] of served.entries()) {
          let taken = 0
          for (const { atMs, tokens } of served.slice(from)) {
            taken += Math.min(tokens, quota.burst)
            const allowed = quota.burst + (quota.perSecond * (atMs - first.atMs)) / 1000
            expect(taken).toBeLessThanOrEqual(allowed + 1e-6)
          }
        }
      }),
      { numRuns: propertyRuns(100) },
    )
  })
})
