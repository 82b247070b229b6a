import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeName } from '../../emulators/route53/names.js'
import { bareZoneId, canonicalName } from '../../src/route53/api.js'

describe('canonicalName', () => {
  it.each([
    ['home.example.com.', 'home.example.com'],
    ['home.example.com', 'home.example.com'],
    ['HOME.Example.com.', 'home.example.com'],
    ['\\052.example.com.', '*.example.com'],
    ['*.example.com.', '*.example.com'],
    ['_dmarc.example.com.', '_dmarc.example.com'],
    ['a\\100b.example.com.', 'a@b.example.com'],
    ['\\052.\\052.example.com.', '*.*.example.com'],
    ['a\\05.example.com.', 'a\\05.example.com'],
    ['a\\089.example.com.', 'a\\089.example.com'],
    ['', ''],
  ])('%s is %s', (name, canonical) => {
    expect(canonicalName(name)).toBe(canonical)
  })

  // A name that Route 53 holds must never be taken for another one, or the other one's records would be judged by it.
  it.each([
    ['a dot inside a label', 'a\\056b.example.com.', 'a.b.example.com.'],
    ['a dot at the end of a label', 'a\\056.example.com.', 'a..example.com.'],
    ['a backslash', 'a\\134052.example.com.', 'a\\052.example.com.'],
  ])('tells %s from the name that it would spell', (_, escaped, plain) => {
    expect(canonicalName(escaped)).not.toBe(canonicalName(plain))
  })

  it('finds every name again that Route 53 writes in its own way', () => {
    const label = fc.string({
      unit: fc.constantFrom(...'abcz019-_*@!+'),
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => {
        const name = labels.join('.')
        expect(canonicalName(normalizeName(name))).toBe(name)
        expect(canonicalName(normalizeName(name.toUpperCase()))).toBe(name)
      }),
    )
  })
})

describe('bareZoneId', () => {
  it.each([
    ['/hostedzone/Z0123456789ABCDEFGHIJ', 'Z0123456789ABCDEFGHIJ'],
    ['Z0123456789ABCDEFGHIJ', 'Z0123456789ABCDEFGHIJ'],
    ['', ''],
  ])('%s is %s', (id, bare) => {
    expect(bareZoneId(id)).toBe(bare)
  })
})
