import { describe, expect, it } from 'vitest'
import {
  addressOf,
  covers,
  type DesiredRecord,
  decide,
  describeTarget,
  supersede,
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
    ['the address with another TTL', wantA, [held('A', ['192.0.2.1'], { ttlSeconds: 300 })]],
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
    const from = recordSets.find(({ type, values }) => type === desired.type && values.length > 0)
    const wanted = { name, type: desired.type, ttlSeconds: 60, values: [describeTarget(desired.target)] }
    expect(decide(desired, { recordSets })).toEqual({ kind: 'swap', held: from, wanted })
  })

  it.each([
    ['the address', wantA, [held('A', ['192.0.2.1'])]],
    ['the address beside other types', wantA, [...beside, held('A', ['192.0.2.1'])]],
    ['the address beside a different AAAA', wantA, [held('AAAA', ['::9']), held('A', ['192.0.2.1'])]],
    ['the IPv6 address', wantAAAA, [held('AAAA', ['2001:db8::1'])]],
    ['the IPv6 address spelled out', wantAAAA, [held('AAAA', ['2001:0db8:0000:0000:0000:0000:0000:0001'])]],
    ['the IPv6 address in upper case', wantAAAA, [held('AAAA', ['2001:DB8::1'])]],
  ])('leaves %s alone', (_, desired, recordSets) => {
    const same = recordSets.find(({ type }) => type === desired.type)
    expect(decide(desired, { recordSets })).toEqual({ kind: 'same', held: same })
    expect(addressOf(same)).toBe(describeTarget(desired.target))
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
    expect(decision).toEqual({ kind: 'refused', cause: 'in-the-way', reason: expect.stringContaining(what) })
    expect(decision).toMatchObject({ reason: expect.stringContaining(name) })
    expect(decision).toMatchObject({ reason: expect.stringContaining('delete it there') })
  })
})

describe('a record that shall be absent', () => {
  const gone: DesiredRecord = { name, type: 'A', target: { kind: 'absent' }, ttlSeconds: 60 }

  it('is deleted just as it is held', () => {
    const recordSets = [held('A', ['192.0.2.7'], { ttlSeconds: 300 }), held('AAAA', ['2001:db8::1'])]
    const swap = { held: recordSets[0], wanted: undefined }
    expect(decide(gone, { recordSets })).toEqual({ kind: 'swap', ...swap })
    expect(swapChanges(gone, swap)).toEqual([
      { action: 'DELETE', name, type: 'A', ttlSeconds: 300, values: ['192.0.2.7'] },
    ])
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
    const wanted = { name, type: 'AAAA', ttlSeconds: 60, values: ['2001:db8:2:0:a:b:c:d'] }
    expect(decide(moved, { recordSets })).toEqual({ kind: 'swap', held: recordSets[0], wanted })
  })

  it('is left alone when it is there', () => {
    const recordSets = [held('AAAA', ['2001:db8:2:0:a:b:c:d'])]
    expect(decide(moved, { recordSets })).toEqual({ kind: 'same', held: recordSets[0] })
  })

  it.each([
    ['nothing', []],
    ['an A record only', [held('A', ['192.0.2.1'])]],
    ['no address', [held('AAAA', ['junk'])]],
  ])('is refused when there is %s to move', (_, recordSets) => {
    expect(decide(moved, { recordSets })).toEqual({
      kind: 'refused',
      cause: 'no-record',
      reason: expect.stringContaining('no AAAA record'),
    })
  })
})

describe('what Route 53 has rejected', () => {
  const rejected = { target: '192.0.2.1', reason: 'Route 53 rejects it' }

  it('is refused with its reason', () => {
    expect(decide(wantA, { recordSets: [], rejected })).toEqual({
      kind: 'refused',
      cause: 'rejected',
      reason: rejected.reason,
    })
  })

  it('does not stand in the way of another target', () => {
    const other: DesiredRecord = { ...wantA, target: to('192.0.2.2') }
    expect(decide(other, { recordSets: [], rejected })).toMatchObject({
      kind: 'swap',
      wanted: { values: ['192.0.2.2'] },
    })
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
    const wanted = address === undefined ? undefined : { name, type: 'A', ttlSeconds: 60, values: [address] }
    expect(swapChanges(wantA, { held: from, wanted })).toEqual(changes)
  })

  it('spells a value as Route 53 does, not as we would', () => {
    const odd = held('AAAA', ['2001:0DB8::0002'])
    const wanted = held('AAAA', ['2001:db8::1'])
    expect(swapChanges(wantAAAA, { held: odd, wanted })[0]?.values).toEqual(['2001:0DB8::0002'])
  })
})

describe('a name that the zone hands over to other name servers', () => {
  it.each([
    ['at the name itself', name],
    ['above it', 'example.com'],
  ])('is refused with what to do: %s', (_, delegatedAt) => {
    const decision = decide(wantA, { recordSets: [], delegatedAt })
    expect(decision).toMatchObject({ kind: 'refused' })
    expect(decision).toMatchObject({
      reason: expect.stringContaining(`an NS record at ${delegatedAt} hands over`),
    })
  })
})

describe('a set of values', () => {
  const challenge = `_acme-challenge.${name}`
  const edit = (wanted: Record<string, boolean>, droppable: string[] = []): DesiredRecord => {
    const edits = { wanted: new Map(Object.entries(wanted)), droppable }
    return { name: challenge, type: 'TXT', target: { kind: 'values', edits }, ttlSeconds: 60 }
  }
  const txt = (values: string[]): RecordSet => ({ name: challenge, type: 'TXT', ttlSeconds: 300, values })
  const eight = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

  it.each<[string, DesiredRecord, string[], string[] | 'same' | 'refused']>([
    ['makes the set with its first value', edit({ a: true }), [], ['a']],
    ['keeps the values of others', edit({ b: true }), ['x', 'a'], ['x', 'a', 'b']],
    ['adds two at once', edit({ a: true, b: true }), ['x'], ['x', 'a', 'b']],
    ['leaves a value that is there', edit({ a: true }), ['x', 'a'], 'same'],
    ['removes one value and no other', edit({ a: false }), ['x', 'a'], ['x']],
    ['removes the set with its last value', edit({ a: false }), ['a'], []],
    ['leaves a value that is not there', edit({ a: false }), ['x'], 'same'],
    ['leaves what is not there at all', edit({ a: false }), [], 'same'],
    ['adds and removes at once', edit({ a: false, b: true }), ['a', 'x'], ['x', 'b']],
    ['drops our oldest where it is full', edit({ i: true }, ['c', 'a']), eight, [...'abdefgh'].concat('i')],
    [
      'drops no more than it must',
      edit({ i: true, j: true }, ['c', 'a', 'b']),
      eight,
      [...'bdefgh'].concat('i', 'j'),
    ],
    ['never drops what others wrote', edit({ i: true }), eight, 'refused'],
    ['does not drop what is asked for again', edit({ i: true, c: true }, ['c']), eight, 'refused'],
    [
      'takes no room away where a value only goes',
      edit({ a: false }, ['b']),
      [...eight, 'i'],
      [...'bcdefghi'],
    ],
  ])('%s', (_, desired, before, expected) => {
    const recordSets = before.length > 0 ? [txt(before)] : []
    const decision = decide(desired, { recordSets })
    if (typeof expected === 'string') expect(decision.kind).toBe(expected)
    else {
      const wanted = expected.length > 0 ? { ...txt(expected), ttlSeconds: 60 } : undefined
      expect(decision).toEqual({ kind: 'swap', held: recordSets[0], wanted })
    }
  })

  it('is refused beside a CNAME, with where the challenge goes then', () => {
    const cname: RecordSet = { name: challenge, type: 'CNAME', values: ['x.example.net.'] }
    expect(decide(edit({ a: true }), { recordSets: [cname] })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('a CNAME to x.example.net.'),
    })
  })

  it('of many requests keeps the newest eight values to have, and as many to remove', () => {
    const values = Array.from({ length: 10 }, (_, index) => `v${index}`)
    const ask = (isWanted: boolean) =>
      values.map((value) => edit({ [isWanted ? value : `old-${value}`]: isWanted }).target)
    const all = [...ask(true), ...ask(false)].reduce(supersede)
    const newest = values.slice(2)
    const words = [
      ...newest.map((value) => `with ${value}`),
      ...newest.map((value) => `without old-${value}`),
    ]
    expect(describeTarget(all)).toBe(words.join(', '))
    // One that is asked for again is the newest.
    const again = [...values.slice(0, 8), 'v0', 'v8']
      .map((value) => edit({ [value]: true }).target)
      .reduce(supersede)
    expect([covers(again, edit({ v0: true }).target), covers(again, edit({ v1: true }).target)]).toEqual([
      true,
      false,
    ])
  })

  it('of several requests is all that they ask for, the newest first', () => {
    const [one, other] = [edit({ a: true, b: true }), edit({ a: false, c: true })].map(({ target }) => target)
    if (!one || !other) throw new Error('two targets')
    const both = supersede(one, other)
    expect(describeTarget(both)).toBe('with b, with c, without a')
    expect([covers(both, other), covers(both, one), covers(one, other)]).toEqual([true, false, false])
    expect(covers(both, edit({ b: true }).target)).toBe(true)
    expect(describeTarget(supersede(one, wantA.target))).toBe('192.0.2.1')
  })
})
