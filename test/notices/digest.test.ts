import { describe, expect, it } from 'vitest'
import type { Happened } from '../../src/notices/describe.js'
import { describe as describeNotice } from '../../src/notices/describe.js'
import { createDigest, type Occurrence } from '../../src/notices/digest.js'
import { noticeTiming } from '../../src/notices/notices.js'
import { createFakeClock } from '../net/fake-clock.js'

/** A digest in virtual time, and the notices that it has sent. */
function createWorld() {
  const clock = createFakeClock()
  const sent: (Happened & { readonly atMs: number })[] = []
  const digest = createDigest(
    clock,
    () => new Date(clock.now()),
    noticeTiming,
    (happened) => {
      sent.push({ ...happened, atMs: clock.now() })
    },
  )
  const change = (host: string, address = '203.0.113.7', type: 'A' | 'AAAA' = 'A') =>
    digest.note({
      kind: 'address-changed',
      subject: host,
      key: `${host} ${type}`,
      item: { host, type, address },
    })
  return {
    clock,
    digest,
    sent,
    change,
    /** What was said, and when, in seconds. */
    said: () => sent.map((happened) => [happened.atMs / 1000, describeNotice(happened).title]),
  }
}

const unreadable: Occurrence = { kind: 'database-unreadable', subject: '', key: '', item: { reason: 'no' } }
const minute = 60_000

describe('what happens', () => {
  it('is told after some seconds, with what came along', async () => {
    const { clock, change, said } = createWorld()
    change('a.example.com')
    await clock.advance(4900)
    change('b.example.com')
    await clock.advance(99)
    expect(said()).toEqual([])
    await clock.advance(1)
    expect(said()).toEqual([[5, '2 addresses have changed']])
  })

  it('of another kind is told by itself', async () => {
    const { clock, digest, change, said } = createWorld()
    change('a.example.com')
    digest.note(unreadable)
    await clock.advance(5000)
    expect(said()).toEqual([
      [5, 'a.example.com is now at 203.0.113.7'],
      [5, 'The host database cannot be read'],
    ])
  })

  it('of another host is told soon too', async () => {
    const { clock, change, said } = createWorld()
    change('a.example.com')
    await clock.advance(6000)
    change('b.example.com')
    await clock.advance(5000)
    expect(said()).toEqual([
      [5, 'a.example.com is now at 203.0.113.7'],
      [11, 'b.example.com is now at 203.0.113.7'],
    ])
  })
})

describe('of one kind and host', () => {
  it('there is one notice in 10 minutes, and the next one has the latest and counts all', async () => {
    const { clock, sent, change, said } = createWorld()
    for (let minutes = 0; minutes < 12; minutes++) {
      change('a.example.com', `203.0.113.${minutes}`)
      await clock.advance(minute)
    }
    expect(said()).toEqual([
      [5, 'a.example.com is now at 203.0.113.0'],
      [10 * 60 + 10, 'a.example.com is now at 203.0.113.10'],
    ])
    expect(sent.map(({ items }) => items[0]?.times)).toEqual([1, 10])
    // The last one waits for its turn, and is not forgotten.
    await clock.advance(60 * minute)
    expect(said().slice(2)).toEqual([[20 * 60 + 15, 'a.example.com is now at 203.0.113.11']])
    expect(clock.timers).toBe(0)
  })

  it('both families count', async () => {
    const { clock, change, said } = createWorld()
    change('a.example.com', '203.0.113.7')
    await clock.advance(5000)
    change('a.example.com', '2001:db8::7', 'AAAA')
    change('a.example.com', '203.0.113.8')
    await clock.advance(20 * minute)
    expect(said()).toEqual([
      [5, 'a.example.com is now at 203.0.113.7'],
      [10 * 60 + 10, 'a.example.com is now at 2001:db8::7 and 203.0.113.8'],
    ])
  })

  it('so of what is about the service as a whole', async () => {
    const { clock, digest, sent } = createWorld()
    for (let tries = 0; tries < 60; tries++) {
      digest.note(unreadable)
      await clock.advance(minute)
    }
    expect(sent).toHaveLength(6)
    expect(sent.map(({ items }) => items[0]?.times)).toEqual([1, 10, 10, 10, 10, 10])
  })
})

describe('a herd', () => {
  it('of 5,000 changes in a second is one notice, which names 20', async () => {
    const { clock, sent, change } = createWorld()
    for (let i = 0; i < 5000; i++) {
      change(`h${i}.example.com`)
      if (i % 100 === 0) await clock.advance(20)
    }
    await clock.advance(60 * minute)
    expect(sent).toHaveLength(1)
    const notice = describeNotice(sent[0] as Happened)
    expect(notice).toMatchObject({ title: '5,000 addresses have changed', count: 5000, unnamed: 4980 })
    expect(notice.lines.at(-1)).toBe('and 4,980 more')
    expect(notice.lines).toHaveLength(21)
    expect(clock.timers).toBe(0)
  })

  it('of 5,000 changes at 40 a second is a notice a minute, and all are counted', async () => {
    const { clock, sent, change } = createWorld()
    for (let i = 0; i < 5000; i++) {
      change(`h${i}.example.com`)
      await clock.advance(25)
    }
    await clock.advance(60 * minute)
    expect(sent.map(({ atMs }) => atMs / 1000)).toEqual([5, 65, 125])
    const counts = sent.map((happened) => describeNotice(happened).count)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5000)
  })

  it('keeps a bounded number of things, whatever comes', async () => {
    const { clock, sent, change } = createWorld()
    for (let i = 0; i < 100_000; i++) change(`h${i}.example.com`)
    await clock.advance(5000)
    expect(sent.map(({ items, unnamed }) => [items.length, unnamed])).toEqual([[1000, 99_000]])
  })

  it('lets the next one be told as every other, later', async () => {
    const { clock, change, said } = createWorld()
    change('a.example.com')
    change('b.example.com')
    await clock.advance(10_000)
    change('c.example.com')
    await clock.advance(20 * minute)
    change('d.example.com')
    await clock.advance(minute)
    expect(said()).toEqual([
      [5, '2 addresses have changed'],
      [65, 'c.example.com is now at 203.0.113.7'],
      [20 * 60 + 15, 'd.example.com is now at 203.0.113.7'],
    ])
  })
})

describe('strangers', () => {
  it('who are locked out from ever new places make 5 notices in 10 minutes, and all are counted', async () => {
    const { clock, digest, sent } = createWorld()
    for (let i = 0; i < 720; i++) {
      const from = `2001:db8:${i.toString(16)}::/64`
      digest.note({ kind: 'locked-out', subject: from, key: from, item: { from, seconds: 600 } })
      await clock.advance(5000)
    }
    expect(sent.length).toBeLessThanOrEqual(31)
    await clock.advance(60 * minute)
    const counts = sent.map((happened) => describeNotice(happened).count)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(720)
  })
})

describe('at the end', () => {
  it('all that waits is told at once, what rests too, and no timer is left', async () => {
    const { clock, digest, change, said } = createWorld()
    change('a.example.com')
    await clock.advance(5000)
    change('a.example.com', '203.0.113.8')
    digest.note(unreadable)
    digest.flush()
    expect(said()).toEqual([
      [5, 'a.example.com is now at 203.0.113.7'],
      [5, 'The host database cannot be read'],
      [5, 'a.example.com is now at 203.0.113.8'],
    ])
    expect(clock.timers).toBe(0)
  })
})
