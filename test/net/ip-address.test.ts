import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress, reachOf } from '../../src/net/ip-address.js'
import { propertyRuns } from '../support/property-runs.js'

describe('parseAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
  ])('IPv4: %s', (text, canonical) => {
    expect(parseAddress(text)).toEqual({ family: 4, text: canonical })
  })

  // The examples of RFC 5952, sections 1 to 4.
  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8::0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:DB8:0:0:1::1', '2001:db8::1:0:0:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['0:0:1:0:0:0:0:0', '0:0:1::'],
    ['2001:db8::192.0.2.1', '2001:db8::c000:201'],
    ['::192.0.2.1', '::c000:201'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
  ])('IPv6: %s is %s', (text, canonical) => {
    expect(parseAddress(text)).toEqual({ family: 6, text: canonical })
  })

  it.each(['::ffff:192.0.2.1', '::FFFF:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:c000:0201'])(
    'IPv4-mapped: %s is unwrapped',
    (text) => {
      expect(parseAddress(text)).toEqual({ family: 4, text: '192.0.2.1' })
    },
  )

  it.each([
    ['nothing', ''],
    ['a short form of inet_aton', '127.1'],
    ['a number', '2130706433'],
    ['an octal part', '010.0.0.1'],
    ['a hexadecimal part', '0x7f.1'],
    ['a part above 255', '192.0.2.256'],
    ['five parts', '192.0.2.1.1'],
    ['a port', '1.2.3.4:80'],
    ['brackets', '[::1]'],
    ['brackets and a port', '[::1]:80'],
    ['a zone id', 'fe80::1%eth0'],
    ['an empty zone id', 'fe80::1%'],
    ['a leading space', ' 1.2.3.4'],
    ['a trailing space', '1.2.3.4 '],
    ['a line feed', '1.2.3.4\n'],
    ['a NUL', '1.2.3.4\0'],
    ['a prefix length', '1.2.3.4/24'],
    ['a trailing dot', '1.2.3.4.'],
    ['a minus', '-1.2.3.4'],
    ['Arabic digits', '١.٢.٣.٤'],
    ['full-width digits', '１.２.３.４'],
    ['two runs', '1::2::3'],
    ['nine parts', '1:2:3:4:5:6:7:8:9'],
    ['seven parts', '1:2:3:4:5:6:7'],
    ['five digits', '2001:0db80::1'],
    ['an octal part after IPv6', '::ffff:010.0.0.1'],
    ['a name', 'home.example.com'],
    ['several', '1.2.3.4, 5.6.7.8'],
    ['unknown', 'unknown'],
  ])('%s is no address', (_, text) => {
    expect(parseAddress(text)).toBeUndefined()
  })

  it('keeps every IPv4 address as it is', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseAddress(text)).toEqual({ family: 4, text })
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  })
  const mapped = (parts: readonly number[]) =>
    parts[5] === 0xffff && parts.slice(0, 5).every((part) => part === 0)
  const padded = (parts: readonly number[]) =>
    parts.map((part) => part.toString(16).padStart(4, '0')).join(':')

  it('gives one spelling to all spellings of an IPv6 address, and it is still that address', () => {
    fc.assert(
      fc.property(groups, (parts) => {
        fc.pre(!mapped(parts))
        const { text = '', family } = parseAddress(padded(parts)) ?? {}
        expect(family).toBe(6)
        expect(expand(text)).toEqual(parts)
        expect(parseAddress(padded(parts).toUpperCase())?.text).toBe(text)
        expect(parseAddress(parts.map((part) => part.toString(16)).join(':'))?.text).toBe(text)
        // What a URL parser, written by somebody else, makes of it.
        expect(`[${text}]`).toBe(new URL(`http://[${padded(parts)}]/`).hostname)
      }),
      { numRuns: propertyRuns(500) },
    )
  })

  it('is idempotent, and never throws', () => {
    const mutated = fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended()), fc.nat(40), fc.string({ maxLength: 2 }))
      .map(([text, at, junk]) => text.slice(0, at) + junk + text.slice(at))
    fc.assert(
      fc.property(fc.oneof(fc.ipV6(), mutated, fc.string({ unit: 'binary' })), (text) => {
        const address = parseAddress(text)
        if (address) expect(parseAddress(address.text)).toEqual(address)
      }),
      { numRuns: propertyRuns(1000) },
    )
  })
})

/** The eight groups of an IPv6 address without embedded IPv4. */
function expand(text: string): number[] {
  const [head = '', tail] = text.split('::')
  const parse = (half: string) =>
    half === '' ? [] : half.split(':').map((part) => Number.parseInt(part, 16))
  if (tail === undefined) return parse(head)
  const missing = 8 - parse(head).length - parse(tail).length
  return [...parse(head), ...new Array<number>(missing).fill(0), ...parse(tail)]
}

it.each([
  ['9.9.9.9', 'public'],
  ['2620:fe::fe', 'public'],
  ['10.1.2.3', 'private'],
  ['169.254.1.1', 'private'],
  ['127.0.0.1', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1', 'private'],
  ['100.64.0.0', 'shared'],
  ['100.127.255.255', 'shared'],
  ['100.128.0.0', 'public'],
  ['203.0.113.7', 'special'],
  ['2001:db8::1', 'special'],
  ['0.0.0.0', 'special'],
])('who can reach %s: %s', (text, reach) => {
  const address = parseAddress(text)
  expect(address && reachOf(address)).toBe(reach)
})
