import { describe, expect, it } from 'vitest'
import type { DesiredRecord } from '../../src/dns/record.js'
import { createSeen, outcomeFromSighting, type Sighting, written } from '../../src/dns/seen.js'
import { createFakeClock } from './fake-clock.js'

const desired: DesiredRecord = { name: 'home.example.com', type: 'A', address: '192.0.2.1', ttlSeconds: 60 }
const other: DesiredRecord = { ...desired, address: '192.0.2.2' }
const sighting: Sighting = { recordSets: [] }

describe('what was seen', () => {
  it('is forgotten after the recheck time, counted from the last look', async () => {
    const clock = createFakeClock(5000)
    const seen = createSeen(30_000, 10, clock)
    expect(seen.get('a')).toBeUndefined()
    seen.put('a', sighting)
    await clock.advance(29_999)
    expect(seen.get('a')).toBe(sighting)
    await clock.advance(1)
    expect(seen.get('a')).toBeUndefined()
    seen.put('a', sighting)
    await clock.advance(20_000)
    const newer: Sighting = { recordSets: [] }
    seen.put('a', newer)
    await clock.advance(20_000)
    expect(seen.get('a')).toBe(newer)
  })

  it('is never remembered with a recheck time of 0', () => {
    const seen = createSeen(0, 10, createFakeClock())
    seen.put('a', sighting)
    expect(seen.get('a')).toBeUndefined()
  })

  it('is forgotten on demand, and only that', () => {
    const seen = createSeen(30_000, 10, createFakeClock())
    seen.put('a', sighting)
    seen.put('b', sighting)
    seen.forget('a')
    seen.forget('never there')
    expect(seen.get('a')).toBeUndefined()
    expect(seen.get('b')).toBe(sighting)
  })

  it('is bounded: the oldest goes, and a second look makes a sighting new', () => {
    const seen = createSeen(30_000, 2, createFakeClock())
    for (const key of ['a', 'b', 'a', 'c']) seen.put(key, sighting)
    expect(['a', 'b', 'c'].filter((key) => seen.get(key))).toEqual(['a', 'c'])
    for (let i = 0; i < 1000; i++) seen.put(`k${i}`, sighting)
    expect(['a', 'c', 'k997', 'k998', 'k999'].filter((key) => seen.get(key))).toEqual(['k998', 'k999'])
  })
})

describe('outcomeFromSighting', () => {
  const refused = { kind: 'refused', reason: 'Route 53 rejects it' }
  const rejected: Sighting = {
    recordSets: [],
    rejected: { address: desired.address, reason: 'Route 53 rejects it' },
  }
  const cname: Sighting = { recordSets: [{ name: desired.name, type: 'CNAME', values: ['x.'] }] }

  it.each<[string, DesiredRecord, Sighting, unknown]>([
    ['nothing there: it must be written', desired, sighting, undefined],
    ['written by us: nochg', desired, written(desired), { kind: 'nochg', address: '192.0.2.1' }],
    ['another address: it must be written', desired, written(other), undefined],
    ['a CNAME: refused', desired, cname, { kind: 'refused', reason: expect.stringContaining('a CNAME') }],
    ['this address was rejected: refused', desired, rejected, refused],
    ['another address was rejected: it must be written', other, rejected, undefined],
  ])('%s', (_, record, seen, outcome) => {
    expect(outcomeFromSighting(record, seen)).toEqual(outcome)
  })
})

it('a written record leaves one simple record set of the address', () => {
  expect(written(desired)).toEqual({
    recordSets: [{ name: 'home.example.com', type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] }],
  })
})
