import { describe, expect, it } from 'vitest'
import type { HeldRecords } from '../../src/registrar/record.js'
import { createRecordCache, doubtMs } from '../../src/registrar/record-cache.js'
import { createFakeClock } from '../net/fake-clock.js'

const held: HeldRecords = { recordSets: [] }

describe('what was seen', () => {
  it('is forgotten after the recheck time, counted from the last look', async () => {
    const clock = createFakeClock(5000)
    const cache = createRecordCache(() => 30_000, 10, clock)
    expect(cache.get('a')).toBeUndefined()
    cache.put('a', held)
    await clock.advance(29_999)
    expect(cache.get('a')).toBe(held)
    await clock.advance(1)
    expect(cache.get('a')).toBeUndefined()
    cache.put('a', held)
    await clock.advance(20_000)
    const newer: HeldRecords = { recordSets: [] }
    cache.put('a', newer)
    await clock.advance(20_000)
    expect(cache.get('a')).toBe(newer)
  })

  it('is never remembered with a recheck time of 0', () => {
    const cache = createRecordCache(() => 0, 10, createFakeClock())
    cache.put('a', held)
    expect(cache.get('a')).toBeUndefined()
  })

  it('is forgotten on demand, and only that', () => {
    const cache = createRecordCache(() => 30_000, 10, createFakeClock())
    cache.put('a', held)
    cache.put('b', held)
    cache.forget('a')
    cache.forget('never there')
    expect(cache.get('a')).toBeUndefined()
    expect(cache.get('b')).toBe(held)
  })

  it('is forgotten where a look at all that is there did not see it', async () => {
    const clock = createFakeClock()
    const cache = createRecordCache(() => 30_000, 10, clock)
    cache.put('a', held)
    await clock.advance(10)
    cache.put('b', held)
    cache.doubt('c')
    cache.dropSeenBefore(10)
    expect([cache.get('a'), cache.get('b'), cache.isUnsure('c')]).toEqual([undefined, held, true])
  })

  it('is bounded: the oldest goes, and a second look makes an entry new', () => {
    const cache = createRecordCache(() => 30_000, 2, createFakeClock())
    for (const key of ['a', 'b', 'a', 'c']) cache.put(key, held)
    expect(['a', 'b', 'c'].filter((key) => cache.get(key))).toEqual(['a', 'c'])
    for (let i = 0; i < 1000; i++) cache.put(`k${i}`, held)
    expect(['a', 'c', 'k997', 'k998', 'k999'].filter((key) => cache.get(key))).toEqual(['k998', 'k999'])
  })
})

describe('what is in doubt', () => {
  it('is not remembered until the doubt ends, whatever is seen meanwhile', async () => {
    const clock = createFakeClock()
    const cache = createRecordCache(() => 300_000, 10, clock)
    cache.put('a', held)
    cache.doubt('a')
    cache.put('a', held)
    expect([cache.get('a'), cache.doubtEndsMs('a')]).toEqual([undefined, doubtMs])
    await clock.advance(doubtMs)
    expect([cache.get('a'), cache.doubtEndsMs('a')]).toEqual([undefined, undefined])
    // A page that was on its way when the doubt ended.
    cache.put('a', held, doubtMs - 1)
    expect([cache.get('a'), cache.isUnsure('a')]).toEqual([undefined, true])
    cache.put('a', held)
    expect([cache.get('a'), cache.isUnsure('a')]).toEqual([held, false])
  })

  it('is in doubt for as long again with each lost write, and no other record is', async () => {
    const clock = createFakeClock()
    const cache = createRecordCache(() => 300_000, 10, clock)
    cache.doubt('a')
    await clock.advance(1000)
    cache.doubt('b')
    cache.doubt('a')
    expect(['a', 'b', 'c'].map(cache.doubtEndsMs)).toEqual([doubtMs + 1000, doubtMs + 1000, undefined])
  })

  it('goes with everything else when the zone is gone', () => {
    const cache = createRecordCache(() => 30_000, 10, createFakeClock())
    cache.put('a', held)
    cache.doubt('b')
    cache.clear()
    expect([cache.get('a'), cache.doubtEndsMs('b')]).toEqual([undefined, undefined])
  })
})
