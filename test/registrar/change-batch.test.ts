import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BatchHandlers,
  countValues,
  type PlannedSwap,
  takeAffordable,
  writeSwaps,
} from '../../src/registrar/change-batch.js'
import { type DesiredRecord, swapChanges } from '../../src/registrar/record.js'
import { pendingRecord } from '../../src/registrar/record-queue.js'
import type { Fault } from '../../src/route53/errors.js'
import { createTokenBucket, type Quota } from '../../src/route53/rate-limit.js'
import { createFakeClock, settled } from '../net/fake-clock.js'

const longIPv6 = '2001:db8:1111:2222:3333:4444:5555:6666' // 38 characters
const longestIPv6 = '2001:1db8:1111:2222:3333:4444:5555:6666' // 39 characters

/** Records that are changed from one address to another of the same length, or created. */
function swaps(count: number, address = '192.0.2.1', isNew = false): PlannedSwap[] {
  const type = address.includes(':') ? 'AAAA' : 'A'
  return Array.from({ length: count }, (_, index) => {
    const name = `h${index}.example.com`
    const desired: DesiredRecord = { name, type, target: { kind: 'address', address }, ttlSeconds: 60 }
    const held = isNew ? undefined : { name, type, ttlSeconds: 60, values: [`${address.slice(0, -1)}2`] }
    const swap = { held, wanted: { name, type, ttlSeconds: 60, values: [address] } }
    return { record: pendingRecord(desired, 0), desired, swap, changes: swapChanges(desired, swap) }
  })
}

const plenty: Quota = { burst: 1500, perSecond: 100 }
const bucketOf = (quota: Quota) => createTokenBucket(quota, createFakeClock())

describe('takeAffordable', () => {
  it.each([
    ['all of a few', 3, '192.0.2.1', plenty, 3],
    ['500 swaps and no more', 501, '192.0.2.1', plenty, 500],
    ['32,000 characters of IPv6 addresses', 500, longIPv6, plenty, Math.floor(16_000 / 38)],
    ['32,000 characters of the longest addresses', 500, longestIPv6, plenty, Math.floor(16_000 / 39)],
    ['two tokens for each swap', 500, '192.0.2.1', { burst: 100, perSecond: 10 }, 50],
    ['no half swap', 500, '192.0.2.1', { burst: 7, perSecond: 1 }, 3],
    ['one at least', 5, '192.0.2.1', { burst: 1, perSecond: 1 }, 1],
    ['none of none', 0, '192.0.2.1', plenty, 0],
  ])('takes %s', (_, count, address, quota, expected) => {
    const all = swaps(count, address)
    expect(takeAffordable(all, bucketOf(quota))).toEqual(all.slice(0, expected))
  })

  it('takes one token for each new record', () => {
    expect(
      takeAffordable(swaps(500, '192.0.2.1', true), bucketOf({ burst: 100, perSecond: 10 })),
    ).toHaveLength(100)
    expect(takeAffordable(swaps(1200, '192.0.2.1', true), bucketOf(plenty))).toHaveLength(1000)
  })

  it.each([
    ['what is left of the burst', 1000, { burst: 1500, perSecond: 100 }, 250],
    ['what a second brings when less is left', 1450, { burst: 1500, perSecond: 100 }, 50],
    ['what a second brings when nothing is left', 1500, { burst: 1500, perSecond: 100 }, 50],
    ['no more than the burst even so', 60, { burst: 60, perSecond: 100 }, 30],
  ])('takes %s', async (_, spent, quota, expected) => {
    const bucket = bucketOf(quota)
    await bucket.take(spent)
    expect(takeAffordable(swaps(500), bucket)).toHaveLength(expected)
  })

  it('takes what a second brings while others wait', async () => {
    const bucket = bucketOf(plenty)
    await bucket.take(1500)
    void bucket.take(10)
    await settled()
    expect(takeAffordable(swaps(500), bucket)).toHaveLength(50)
  })
})

/** A Route 53 that turns down every batch with a culprit in it, by this fault; `all` plays cycles until nothing is left. */
function playing(culprits: ReadonlySet<string>, faultFor: (guilty: readonly string[]) => Fault) {
  const accepted: string[] = []
  const denied: string[] = []
  const doubted: { name: string; wasAlone: boolean }[] = []
  const sizes: number[] = []
  const over = new Set<PlannedSwap>()
  const names = (batch: readonly PlannedSwap[]) => batch.map(({ desired }) => desired.name)
  const on: BatchHandlers = {
    async send(batch) {
      sizes.push(batch.length)
      const guilty = names(batch).filter((name) => culprits.has(name))
      if (guilty.length > 0) return faultFor(guilty)
      accepted.push(...names(batch))
      for (const item of batch) {
        over.add(item)
        item.record.suspects = undefined // as its writer does
      }
      return undefined
    },
    deny(item) {
      denied.push(item.desired.name)
      over.add(item)
    },
    doubt(item, _fault, wasAlone) {
      doubted.push({ name: item.desired.name, wasAlone })
      over.add(item)
    },
  }
  return {
    on,
    accepted,
    denied,
    doubted,
    sizes,
    async all(planned: readonly PlannedSwap[], rich: Quota = { burst: 1e6, perSecond: 1e6 }) {
      const faults: (Fault | undefined)[] = []
      for (let left = planned; left.length > 0; left = left.filter((item) => !over.has(item))) {
        faults.push(await writeSwaps(left, bucketOf(rich), on))
      }
      return faults
    },
  }
}

const denial: Fault = { kind: 'denied', message: 'not authorized' }
const namesOf = (indexes: readonly number[]) => indexes.map((index) => `h${index}.example.com`)

describe('writeSwaps', () => {
  it('writes what nothing is wrong with in one call', async () => {
    const { on, accepted, sizes } = playing(new Set(), () => denial)
    expect(await writeSwaps(swaps(500), bucketOf(plenty), on)).toBeUndefined()
    expect([accepted.length, sizes]).toEqual([500, [500]])
  })

  it('writes addresses and challenges in batches apart: an IAM policy allows no batch that has both', async () => {
    const { on, accepted, sizes } = playing(new Set(), () => denial)
    const isChallenge = (index: number) => index % 3 === 0
    const mixed = swaps(30).map((item, index) =>
      isChallenge(index) ? { ...item, desired: { ...item.desired, type: 'TXT' as const } } : item,
    )
    expect(await writeSwaps(mixed, bucketOf(plenty), on)).toBeUndefined()
    expect(sizes).toEqual([20, 10])
    const indexes = Array.from({ length: 30 }, (_, index) => index)
    const inOrder = [...indexes.filter((index) => !isChallenge(index)), ...indexes.filter(isChallenge)]
    expect(accepted).toEqual(namesOf(inOrder))
  })

  it('ends with a fault that concerns no record', async () => {
    const lost: Fault = { kind: 'lost', message: 'reset' }
    const { on, sizes } = playing(new Set(['h3.example.com']), () => lost)
    expect(await writeSwaps(swaps(5), bucketOf(plenty), on)).toBe(lost)
    expect(sizes).toEqual([5])
  })

  it('writes the innocent at once where the sentence names the culprits, which are looked at anew', async () => {
    const culprits = namesOf([2, 7])
    const rejection = (guilty: readonly string[]): Fault => ({
      kind: 'rejected',
      message: guilty
        .map((name) => `Tried to create resource record set [name='${name}.', type='A'] but`)
        .join(', '),
    })
    const { on, accepted, doubted, sizes } = playing(new Set(culprits), rejection)
    expect(await writeSwaps(swaps(10), bucketOf(plenty), on)).toBeUndefined()
    expect(accepted).toHaveLength(8)
    expect(doubted).toEqual(culprits.map((name) => ({ name, wasAlone: false })))
    expect(sizes).toEqual([10, 8])
  })

  it('takes a name for named only where it stands whole', async () => {
    const rejection: Fault = {
      kind: 'rejected',
      message: "[name='xh1.example.com.', type='A'], h1.example.com.org",
    }
    const { on, doubted } = playing(new Set(['h1.example.com']), () => rejection)
    await writeSwaps(swaps(4), bucketOf(plenty), on)
    expect(doubted).toEqual([{ name: 'h1.example.com', wasAlone: true }])
  })

  it('knows a wildcard by its octal spelling', async () => {
    const [item] = swaps(1)
    const other = swaps(3)
    const desired = { ...(item as PlannedSwap).desired, name: '*.w.example.com' }
    const wild = { ...(item as PlannedSwap), desired, record: pendingRecord(desired, 0) }
    const rejection: Fault = {
      kind: 'rejected',
      message: "[name='\\052.w.example.com.', type='A'] but it was not found",
    }
    const { on, doubted } = playing(new Set(['*.w.example.com']), () => rejection)
    await writeSwaps([wild, ...other], bucketOf(plenty), on)
    expect(doubted).toEqual([{ name: '*.w.example.com', wasAlone: false }])
  })

  it('finds one culprit of 500 in at most 2 log2(500) calls when nothing names it', async () => {
    for (const culprit of [0, 1, 249, 250, 499]) {
      const { all, accepted, denied, sizes } = playing(new Set(namesOf([culprit])), () => denial)
      await all(swaps(500))
      expect([accepted.length, denied]).toEqual([499, namesOf([culprit])])
      expect(sizes.length).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(500)))
    }
  })

  it('does not ask for a half that must hold the culprit, as the other was accepted', async () => {
    const { all, sizes } = playing(new Set(namesOf([999])), () => denial)
    const last = swaps(1000, '192.0.2.1', true).map((item) => item)
    await all(last)
    // Each halving costs one call where the innocent half is asked first.
    expect(sizes.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(1000)))
  })

  it('keeps a denied record apart from all others, and writes it after them', async () => {
    const { all, on, denied } = playing(new Set(namesOf([1])), () => denial)
    const planned = swaps(4)
    await all(planned)
    const batches: string[][] = []
    await writeSwaps(planned, bucketOf(plenty), {
      ...on,
      async send(batch) {
        batches.push(batch.map(({ desired }) => desired.name))
        return undefined
      },
    })
    expect(denied).toEqual(namesOf([1]))
    expect(batches.at(-1)).toEqual(namesOf([1]))
    expect(batches.slice(0, -1).flat().sort()).toEqual(namesOf([0, 2, 3]))
  })

  it('leaves the rest to the next cycle after 20 calls, and that is no fault where anything was accepted', async () => {
    const { all, accepted, denied, sizes } = playing(new Set(namesOf([0, 50, 100, 150, 199])), () => denial)
    const faults = await all(swaps(200))
    expect(faults.every((fault) => fault === undefined)).toBe(true)
    expect(faults.length).toBe(Math.ceil(sizes.length / 20))
    expect([accepted.length, denied.length]).toEqual([195, 5])
  })

  it('says so where everything is denied', async () => {
    const everybody = new Set(Array.from({ length: 100 }, (_, index) => `h${index}.example.com`))
    const { on, sizes } = playing(everybody, () => denial)
    expect(await writeSwaps(swaps(100), bucketOf(plenty), on)).toBe(denial)
    expect(sizes).toHaveLength(20)
  })

  it('comes to an end, writes every innocent and isolates every culprit, whatever the sentences say', async () => {
    const hosts = fc.uniqueArray(fc.nat(79), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(hosts, hosts, fc.constantFrom('denied', 'rejected'), async (guilty, named, kind) => {
        const culprits = new Set(namesOf(guilty))
        const message = namesOf(named).join(' ')
        const { all, accepted, denied, doubted } = playing(culprits, () => ({ kind, message }) as Fault)
        await all(swaps(80))
        const turnedDown = [...denied, ...doubted.map(({ name }) => name)]
        expect([...accepted, ...turnedDown].sort()).toEqual(namesOf([...Array(80).keys()]).sort())
        expect(accepted.filter((name) => culprits.has(name))).toEqual([])
        if (kind === 'denied') expect(denied.sort()).toEqual([...culprits].sort())
      }),
    )
  })
})

it('counts a value for each DELETE and each CREATE', () => {
  const [swap, creation] = [swaps(1), swaps(1, '192.0.2.1', true)]
  expect([swap, creation].map(([item]) => countValues(item?.changes ?? []))).toEqual([2, 1])
})
