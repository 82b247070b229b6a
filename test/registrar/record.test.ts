import { describe, expect, it } from 'vitest'
import {
  afterSwap,
  type DesiredRecord,
  decide,
  describeTarget,
  swapChanges,
} from '../../src/registrar/record.js'
import type { RecordSet } from '../../src/route53/api.js'

const name = 'home.example.com'
const to = (address: string) => ({ kind: 'address', address }) as const
const wantA: DesiredRecord = { name, type: 'A', target: to('192.0.2.1'), ttlSeconds: 60 }
const wantAAAA: DesiredRecord = { name, type: 'AAAA', target: to('2001:db8::1'), ttlSeconds: 60 }

function held(type: string, values: readonly string[], more: Partial<RecordSet> = {}): RecordSet {
  return { name, type, ttlSeconds: 60, values, ...more }
}

describe('decide', () => {
  const beside = [held('TXT', ['"t"']), held('MX', ['10 mail.example.com.']), held('CAA', ['0 issue "x"'])]

  it.each([
    ['nothing', wantA, []],
    ['another address', wantA, [held('A', ['192.0.2.2'])]],
    ['another IPv6 address', wantAAAA, [held('AAAA', ['2001:db8::2'])]],
    ['what is no address', wantA, [held('A', ['192.0.2.01'])]],
    ['an empty record set', wantA, [held('A', [])]],
    ['only the other family', wantA, [held('AAAA', ['2001:db8::1'])]],
    ['only the other family, for IPv6', wantAAAA, [held('A', ['192.0.2.1'])]],
    ['other types only', wantA, beside],
    ['another address beside other types', wantA, [...beside, held('A', ['192.0.2.2'])]],
    ['the other family in several values', wantA, [held('AAAA', ['2001:db8::1', '2001:db8::2'])]],
    ['an alias of the other family', wantAAAA, [held('A', [], { foreign: 'an alias of lb.example.net.' })]],
    [
      'a routing policy of the other family',
      wantA,
      [held('AAAA', ['2001:db8::1'], { foreign: 'a member of a routing policy, set "blue"' })],
    ],
  ])('writes over %s', (_, desired, recordSets) => {
    const held = recordSets.find(({ type, values }) => type === desired.type && values.length > 0)
    const address = describeTarget(desired.target)
    expect(decide(desired, { recordSets })).toEqual({ kind: 'swap', held, address })
  })

  it.each([
    ['the address', wantA, [held('A', ['192.0.2.1'])]],
    ['the address with another TTL', wantA, [held('A', ['192.0.2.1'], { ttlSeconds: 300 })]],
    ['the address beside other types', wantA, [...beside, held('A', ['192.0.2.1'])]],
    ['the address beside a different AAAA', wantA, [held('AAAA', ['::9']), held('A', ['192.0.2.1'])]],
    ['the IPv6 address', wantAAAA, [held('AAAA', ['2001:db8::1'])]],
    ['the IPv6 address spelled out', wantAAAA, [held('AAAA', ['2001:0db8:0000:0000:0000:0000:0000:0001'])]],
    ['the IPv6 address in upper case', wantAAAA, [held('AAAA', ['2001:DB8::1'])]],
  ])('leaves %s alone', (_, desired, recordSets) => {
    expect(decide(desired, { recordSets })).toEqual({ kind: 'same', address: describeTarget(desired.target) })
  })

  it.each([
    ['a CNAME', wantA, [held('CNAME', ['other.example.com.'])], 'a CNAME'],
    ['a CNAME, for IPv6', wantAAAA, [held('CNAME', ['other.example.com.'])], 'a CNAME'],
    [
      'a CNAME of a routing policy',
      wantA,
      [held('CNAME', ['x.'], { foreign: 'a member of a routing policy, set "blue"' })],
      'a CNAME',
    ],
    [
      'an alias',
      wantA,
      [held('A', [], { foreign: 'an alias of lb.example.net.' })],
      'A: an alias of lb.example.net.',
    ],
    [
      'an alias beside other types',
      wantAAAA,
      [...beside, held('AAAA', [], { foreign: 'an alias of lb.example.net.' })],
      'AAAA: an alias of lb.example.net.',
    ],
    [
      'a set identifier, even with the address wanted',
      wantA,
      [held('A', ['192.0.2.1'], { foreign: 'a member of a routing policy, set "blue"' })],
      'set "blue"',
    ],
    [
      'a routing policy behind a simple set',
      wantA,
      [held('A', ['192.0.2.1']), held('A', ['192.0.2.1'], { foreign: 'a member of a routing policy' })],
      'a member of a routing policy',
    ],
    ['two values', wantA, [held('A', ['192.0.2.2', '192.0.2.3'])], '2 values'],
    ['two values, one the address', wantA, [held('A', ['192.0.2.1', '192.0.2.3'])], '2 values'],
    ['three IPv6 values', wantAAAA, [held('AAAA', ['::1', '::2', '::3'])], '3 values'],
  ])('refuses %s, and says what is there', (_, desired, recordSets, what) => {
    const decision = decide(desired, { recordSets })
    expect(decision).toEqual({ kind: 'refused', reason: expect.stringContaining(what) })
    expect(decision).toMatchObject({ reason: expect.stringContaining(name) })
    expect(decision).toMatchObject({ reason: expect.stringContaining('delete it there') })
  })
})

describe('a record that shall be absent', () => {
  const gone: DesiredRecord = { name, type: 'A', target: { kind: 'absent' }, ttlSeconds: 60 }

  it('is deleted just as it is held', () => {
    const recordSets = [held('A', ['192.0.2.7'], { ttlSeconds: 300 }), held('AAAA', ['2001:db8::1'])]
    const swap = { held: recordSets[0], address: undefined }
    expect(decide(gone, { recordSets })).toEqual({ kind: 'swap', ...swap })
    expect(swapChanges(gone, swap)).toEqual([
      { action: 'DELETE', name, type: 'A', ttlSeconds: 300, values: ['192.0.2.7'] },
    ])
    expect(afterSwap(gone, swap)).toEqual({ recordSets: [] })
  })

  it('is left alone when it is not there', () => {
    expect(decide(gone, { recordSets: [held('AAAA', ['2001:db8::1'])] })).toEqual({
      kind: 'same',
      address: undefined,
    })
  })

  it.each([
    ['a CNAME', [held('CNAME', ['x.'])]],
    ['an alias', [held('A', [], { foreign: 'an alias of x.' })]],
    ['several values', [held('A', ['192.0.2.1', '192.0.2.2'])]],
  ])('is refused for %s', (_, recordSets) => {
    expect(decide(gone, { recordSets })).toMatchObject({ kind: 'refused' })
  })
})

describe('a record that shall move into another network', () => {
  const prefix = { network: '2001:db8:2::', bits: 64 }
  const moved: DesiredRecord = { name, type: 'AAAA', target: { kind: 'prefix', prefix }, ttlSeconds: 60 }

  it('keeps its interface bits', () => {
    const recordSets = [held('AAAA', ['2001:db8:1:0:a:b:c:d'])]
    const address = '2001:db8:2:0:a:b:c:d'
    expect(decide(moved, { recordSets })).toEqual({ kind: 'swap', held: recordSets[0], address })
  })

  it('is left alone when it is there', () => {
    const address = '2001:db8:2:0:a:b:c:d'
    expect(decide(moved, { recordSets: [held('AAAA', [address])] })).toEqual({ kind: 'same', address })
  })

  it.each([
    ['nothing', []],
    ['an A record only', [held('A', ['192.0.2.1'])]],
    ['no address', [held('AAAA', ['junk'])]],
  ])('is refused when there is %s to move', (_, recordSets) => {
    expect(decide(moved, { recordSets })).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('no AAAA record'),
    })
  })
})

describe('what Route 53 has rejected', () => {
  const rejected = { target: '192.0.2.1', reason: 'Route 53 rejects it' }

  it('is refused with its reason', () => {
    expect(decide(wantA, { recordSets: [], rejected })).toEqual({ kind: 'refused', reason: rejected.reason })
  })

  it('does not stand in the way of another target', () => {
    const other: DesiredRecord = { ...wantA, target: to('192.0.2.2') }
    expect(decide(other, { recordSets: [], rejected })).toMatchObject({ kind: 'swap', address: '192.0.2.2' })
  })
})

describe('swapChanges', () => {
  const there = held('A', ['192.0.2.7'], { ttlSeconds: 300 })
  const remove = { action: 'DELETE', name, type: 'A', ttlSeconds: 300, values: ['192.0.2.7'] }
  const create = { action: 'CREATE', name, type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] }

  it.each([
    ['creates alone where nothing is', undefined, '192.0.2.1', [create]],
    ['deletes exactly what was read, and then creates', there, '192.0.2.1', [remove, create]],
    ['deletes alone where nothing shall be', there, undefined, [remove]],
  ])('%s', (_, from, address, changes) => {
    expect(swapChanges(wantA, { held: from, address })).toEqual(changes)
  })

  it('spells a value as Route 53 does, not as we would', () => {
    const odd = held('AAAA', ['2001:0DB8::0002'])
    expect(swapChanges(wantAAAA, { held: odd, address: '2001:db8::1' })[0]?.values).toEqual([
      '2001:0DB8::0002',
    ])
  })

  it('leaves one simple record set, or none', () => {
    const after = { recordSets: [{ name, type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] }] }
    expect(afterSwap(wantA, { held: there, address: '192.0.2.1' })).toEqual(after)
    expect(afterSwap(wantA, { held: there, address: undefined })).toEqual({ recordSets: [] })
  })
})
