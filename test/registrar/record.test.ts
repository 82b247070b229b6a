import { describe, expect, it } from 'vitest'
import { compare, type DesiredRecord, wantText } from '../../src/registrar/record.js'
import type { RecordSet } from '../../src/route53/api.js'

const name = 'home.example.com'
const want = (address: string) => ({ kind: 'address', address }) as const
const wantA: DesiredRecord = { name, type: 'A', want: want('192.0.2.1'), ttlSeconds: 60 }
const wantAAAA: DesiredRecord = { name, type: 'AAAA', want: want('2001:db8::1'), ttlSeconds: 60 }

function held(type: string, values: readonly string[], more: Partial<RecordSet> = {}): RecordSet {
  return { name, type, ttlSeconds: 60, values, ...more }
}

describe('compare', () => {
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
    const value = wantText(desired.want)
    const change = { action: 'UPSERT', name, type: desired.type, ttlSeconds: 60, value }
    expect(compare(desired, recordSets)).toEqual({ kind: 'write', change })
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
    expect(compare(desired, recordSets)).toEqual({ kind: 'same', address: wantText(desired.want) })
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
    const difference = compare(desired, recordSets)
    expect(difference).toEqual({ kind: 'refused', reason: expect.stringContaining(what) })
    expect(difference).toMatchObject({ reason: expect.stringContaining(name) })
    expect(difference).toMatchObject({ reason: expect.stringContaining('delete it there') })
  })
})

describe('a record that shall be absent', () => {
  const gone: DesiredRecord = { name, type: 'A', want: { kind: 'absent' }, ttlSeconds: 60 }

  it('is deleted just as it is held', () => {
    const recordSets = [held('A', ['192.0.2.7'], { ttlSeconds: 300 }), held('AAAA', ['2001:db8::1'])]
    const change = { action: 'DELETE', name, type: 'A', ttlSeconds: 300, value: '192.0.2.7' }
    expect(compare(gone, recordSets)).toEqual({ kind: 'write', change })
  })

  it('is left alone when it is not there', () => {
    expect(compare(gone, [held('AAAA', ['2001:db8::1'])])).toEqual({ kind: 'same', address: undefined })
  })

  it.each([
    ['a CNAME', [held('CNAME', ['x.'])]],
    ['an alias', [held('A', [], { foreign: 'an alias of x.' })]],
    ['several values', [held('A', ['192.0.2.1', '192.0.2.2'])]],
  ])('is refused for %s', (_, recordSets) => {
    expect(compare(gone, recordSets)).toMatchObject({ kind: 'refused' })
  })
})

describe('a record that shall move into another network', () => {
  const prefix = { network: '2001:db8:2::', bits: 64 }
  const moved: DesiredRecord = { name, type: 'AAAA', want: { kind: 'prefix', prefix }, ttlSeconds: 60 }

  it('keeps its interface bits', () => {
    const change = { action: 'UPSERT', name, type: 'AAAA', ttlSeconds: 60, value: '2001:db8:2:0:a:b:c:d' }
    expect(compare(moved, [held('AAAA', ['2001:db8:1:0:a:b:c:d'])])).toEqual({ kind: 'write', change })
  })

  it('is left alone when it is there', () => {
    const address = '2001:db8:2:0:a:b:c:d'
    expect(compare(moved, [held('AAAA', [address])])).toEqual({ kind: 'same', address })
  })

  it.each([
    ['nothing', []],
    ['an A record only', [held('A', ['192.0.2.1'])]],
    ['no address', [held('AAAA', ['junk'])]],
  ])('is refused when there is %s to move', (_, recordSets) => {
    expect(compare(moved, recordSets)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('no AAAA record'),
    })
  })
})
