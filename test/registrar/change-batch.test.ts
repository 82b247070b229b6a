import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PlannedChange, splitRejected, takeAffordable } from '../../src/registrar/change-batch.js'
import { pendingRecord } from '../../src/registrar/record-queue.js'
import { createTokenBucket, type Quota } from '../../src/route53/rate-limit.js'
import { createFakeClock, settled } from '../net/fake-clock.js'

const longIPv6 = '2001:db8:1111:2222:3333:4444:5555:6666' // 38 characters
const longestIPv6 = '2001:1db8:1111:2222:3333:4444:5555:6666' // 39 characters

function records(count: number, address = '192.0.2.1'): PlannedChange[] {
  const type = address.includes(':') ? 'AAAA' : 'A'
  return Array.from({ length: count }, (_, index) => {
    const name = `h${index}.example.com`
    const record = pendingRecord({ name, type, want: { kind: 'address', address }, ttlSeconds: 60 }, 0)
    return { record, change: { action: 'UPSERT', name, type, ttlSeconds: 60, value: address } }
  })
}

describe('takeAffordable', () => {
  const plenty: Quota = { burst: 1500, perSecond: 100 }
  const bucketOf = (quota: Quota) => createTokenBucket(quota, createFakeClock())

  it.each([
    ['all of a few', 3, '192.0.2.1', plenty, 3],
    ['500 records and no more', 501, '192.0.2.1', plenty, 500],
    ['16,000 characters of IPv6 addresses', 500, longIPv6, plenty, Math.floor(16_000 / 38)],
    ['16,000 characters of the longest addresses', 500, longestIPv6, plenty, Math.floor(16_000 / 39)],
    ['two tokens for each record', 500, '192.0.2.1', { burst: 100, perSecond: 10 }, 50],
    ['no half record', 500, '192.0.2.1', { burst: 7, perSecond: 1 }, 3],
    ['one at least', 5, '192.0.2.1', { burst: 1, perSecond: 1 }, 1],
    ['none of none', 0, '192.0.2.1', plenty, 0],
  ])('takes %s', (_, count, address, quota, expected) => {
    const all = records(count, address)
    expect(takeAffordable(all, bucketOf(quota))).toEqual(all.slice(0, expected))
  })

  it.each([
    ['what is left of the burst', 1000, { burst: 1500, perSecond: 100 }, 250],
    ['what a second brings when less is left', 1450, { burst: 1500, perSecond: 100 }, 50],
    ['what a second brings when nothing is left', 1500, { burst: 1500, perSecond: 100 }, 50],
    ['no more than the burst even so', 60, { burst: 60, perSecond: 100 }, 30],
  ])('takes %s', async (_, spent, quota, expected) => {
    const bucket = bucketOf(quota)
    await bucket.take(spent)
    expect(takeAffordable(records(500), bucket)).toHaveLength(expected)
  })

  it('takes what a second brings while others wait', async () => {
    const bucket = bucketOf(plenty)
    await bucket.take(1500)
    void bucket.take(10)
    await settled()
    expect(takeAffordable(records(500), bucket)).toHaveLength(50)
  })
})

describe('splitRejected', () => {
  const four = records(4)
  const named = (batch: readonly PlannedChange[]) => batch.map(({ change }) => change.name)

  it.each([
    [
      'without a hint: the halves',
      'no name',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'one is named: it goes alone, and the innocent come last',
      'Tried to create h2.example.com.',
      [[2], [0, 1, 3]],
    ],
    [
      'two are named',
      '[h0.example.com. is bad, h3.example.com. is bad]',
      [
        [0, 3],
        [1, 2],
      ],
    ],
    [
      'all are named: the halves',
      'h0.example.com h1.example.com h2.example.com h3.example.com',
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [
      'an empty message',
      '',
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])('%s', (_, message, parts) => {
    expect(splitRejected(four, message)).toEqual(parts.map((part) => part.map((index) => four[index])))
  })

  it('keeps each record once, leaves no part empty, and comes to an end whatever the messages say', () => {
    const message = fc.oneof(
      fc.constant('nothing'),
      fc
        .array(fc.nat(80), { maxLength: 6 })
        .map((hosts) => hosts.map((host) => `h${host}.example.com.`).join(' ')),
    )
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.array(message, { minLength: 1 }), (count, messages) => {
        const groups: (readonly PlannedChange[])[] = [records(count)]
        const alone: string[] = []
        let splits = 0
        for (let group = groups.pop(); group; group = groups.pop()) {
          if (group.length === 1) {
            alone.push(...named(group))
            continue
          }
          const parts = splitRejected(group, messages[splits++ % messages.length] ?? '')
          expect(parts).toHaveLength(2)
          expect(parts.every((part) => part.length > 0)).toBe(true)
          expect(named(parts.flat()).sort()).toEqual(named(group).sort())
          groups.push(...parts)
        }
        expect(alone.sort()).toEqual(named(records(count)).sort())
        expect(splits).toBe(count - 1)
      }),
    )
  })

  it('finds one culprit of 500 in at most 2 log2(500) calls when nothing names it', () => {
    for (const culprit of [0, 1, 249, 250, 499]) {
      const groups: (readonly PlannedChange[])[] = [records(500)]
      let calls = 0
      const written: string[] = []
      for (let group = groups.pop(); group; group = groups.pop()) {
        calls++
        if (!named(group).includes(`h${culprit}.example.com`)) written.push(...named(group))
        else if (group.length > 1) groups.push(...splitRejected(group, 'something is wrong'))
      }
      expect(written).toHaveLength(499)
      expect(calls).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(500)))
    }
  })
})
