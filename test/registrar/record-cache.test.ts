import { describe, expect, it } from 'vitest'
import type { DesiredRecord } from '../../src/registrar/record.js'
import { changed, createSeen, judge, type Sighting } from '../../src/registrar/record-cache.js'
import type { RecordChange } from '../../src/route53/api.js'
import { createFakeClock } from '../net/fake-clock.js'

const name = 'home.example.com'
const want = (address: string): DesiredRecord => {
  return { name, type: 'A', want: { kind: 'address', address }, ttlSeconds: 60 }
}
const upsert = (value: string): RecordChange => ({ action: 'UPSERT', name, type: 'A', ttlSeconds: 60, value })
const desired = want('192.0.2.1')
const other = want('192.0.2.2')
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

describe('judge', () => {
  const refused = { kind: 'refused', reason: 'Route 53 rejects it' }
  const rejected: Sighting = {
    recordSets: [],
    rejected: { want: '192.0.2.1', reason: 'Route 53 rejects it' },
  }
  const cname: Sighting = { recordSets: [{ name: desired.name, type: 'CNAME', values: ['x.'] }] }

  it.each<[string, DesiredRecord, Sighting, unknown]>([
    ['nothing there: it must be written', desired, sighting, { kind: 'write', change: upsert('192.0.2.1') }],
    [
      'written by us: the same',
      desired,
      changed(upsert('192.0.2.1')),
      { kind: 'same', address: '192.0.2.1' },
    ],
    [
      'another address: it must be written',
      desired,
      changed(upsert('192.0.2.2')),
      { kind: 'write', change: upsert('192.0.2.1') },
    ],
    ['a CNAME: refused', desired, cname, { kind: 'refused', reason: expect.stringContaining('a CNAME') }],
    ['this address was rejected: refused', desired, rejected, refused],
    [
      'another address was rejected: it must be written',
      other,
      rejected,
      { kind: 'write', change: upsert('192.0.2.2') },
    ],
  ])('%s', (_, record, seen, verdict) => {
    expect(judge(record, seen)).toEqual(verdict)
  })
})

it('a change leaves one simple record set of the address, or none', () => {
  expect(changed({ ...upsert('192.0.2.1'), action: 'DELETE' })).toEqual({ recordSets: [] })
  expect(changed(upsert('192.0.2.1'))).toEqual({
    recordSets: [{ name: 'home.example.com', type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] }],
  })
})
