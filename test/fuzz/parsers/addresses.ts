import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import fc from 'fast-check'
import { isPublic, parseAddress } from '../../../src/net/ip-address.js'
import { pureProperty } from '../property.js'

const v6Shapes = fc
  .tuple(
    fc.array(fc.constantFrom('0', '1', 'db8', 'FFFF', '00ab', '2001', ''), { maxLength: 9 }),
    fc.boolean(),
  )
  .map(([groups, embeds]) => groups.join(':') + (embeds ? ':192.0.2.1' : ''))

/** Addresses in any spelling, and what nearly is one. */
export const anyAddress: fc.Arbitrary<string> = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4Extended(),
  v6Shapes,
  fc.ipV4().map((text) => `::ffff:${text}`),
  fc.ipV4().map((text) => `::FFFF:0:${text}`),
  fc.constantFrom(
    '8.8.8.8',
    '192.168.1.5',
    '0.0.0.0',
    '::',
    '::1',
    '::192.0.2.1',
    '64:ff9b::8.8.8.8',
    'fe80::1',
  ),
)
const bent = fc
  .tuple(
    anyAddress,
    fc.nat(),
    fc.constantFrom('', '0', ':', '.', '%eth0', '/64', ' ', '\0', '[', '\u0661'),
    fc.nat(1),
  )
  .map(([text, at, piece, cut]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + piece + text.slice(place + cut)
  })

/** An address is read as the bytes that it is, in one spelling, and nothing else is an address. */
export const address = pureProperty(
  'address',
  fc.oneof(anyAddress, bent, fc.string({ unit: 'binary' })),
  (text) => {
    const read = parseAddress(text)
    assert.equal(read !== undefined, isIP(text) !== 0 && !text.includes('%'))
    if (!read) return
    assert.equal(isIP(read.text), read.family)
    assert.equal(bytesOf(read.text), bytesOf(text))
    assert.deepEqual(parseAddress(read.text), read)
    isPublic(read)
  },
)

/** The 16 bytes of an address in hex, read in the plainest way; IPv4 as IPv4-mapped. */
function bytesOf(text: string): string {
  const full = text.includes(':') ? text : `::ffff:${text}`
  const hexed = full.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = '', b = '', c = '', d = ''] = parts
      .slice(0, 4)
      .map((part) => Number(part).toString(16).padStart(2, '0'))
    return `${a}${b}:${c}${d}`
  })
  const [left = [], right] = hexed.split('::').map((half) => (half === '' ? [] : half.split(':')))
  const zeros = Array<string>(8 - left.length - (right?.length ?? 0)).fill('0')
  const groups = right ? [...left, ...zeros, ...right] : left
  return groups.map((group) => group.padStart(4, '0').toLowerCase()).join('')
}
