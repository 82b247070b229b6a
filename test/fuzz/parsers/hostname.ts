import assert from 'node:assert/strict'
import { domainToUnicode } from 'node:url'
import fc from 'fast-check'
import { parseHostname } from '../../../src/net/hostname.js'
import { pureProperty } from '../property.js'

const label = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09-_'), maxLength: 5 }),
  fc.string({ unit: fc.constantFrom(...'aü例é\u0308\u200dßİKſ。．١😀'), maxLength: 4 }),
  fc.constantFrom(
    '*',
    'xn--mnchen-3ya',
    'xn--',
    'xn--a',
    'x'.repeat(63),
    'x'.repeat(64),
    '127',
    '0x7f',
    'localhost',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
)
const name = fc
  .tuple(
    fc.constantFrom('', ' ', '\t'),
    fc.array(label, { maxLength: 6 }),
    fc.constantFrom('', '.', '..', '\n', '/x', ':80'),
  )
  .map(([before, labels, after]) => before + labels.join('.') + after)

/** The grammar that the documentation of parseHostname gives, of a name in canonical spelling. */
function isCanonical(text: string): boolean {
  const labels = text.split('.')
  const isLabel = (part: string) => /^[a-z0-9_-]{1,63}$/.test(part) && !/^-|-$/.test(part)
  const rest = labels[0] === '*' ? labels.slice(1) : labels
  return text.length <= 253 && labels.length >= 2 && rest.every(isLabel) && !/^\d+$/.test(rest.at(-1) ?? '')
}

/** A text is a host name exactly where its grammar says so, and has one spelling. */
export const hostname = pureProperty(
  'hostname',
  fc.oneof(name, name, fc.domain(), fc.ipV4(), fc.ipV6(), fc.string({ unit: 'binary' })),
  (text) => {
    const read = parseHostname(text)
    const typed = text.trim().toLowerCase().replace(/\.$/, '')
    const isAscii = [...typed].every((character) => character < '\x80')
    if (isAscii) assert.equal(read, isCanonical(typed) ? typed : undefined)
    if (read === undefined) return
    assert.ok(isCanonical(read))
    assert.equal(parseHostname(read), read)
    assert.equal(parseHostname(` ${read.toUpperCase()}. `), read)
    if (!isAscii) assert.equal(parseHostname(domainToUnicode(read)), read)
  },
)
