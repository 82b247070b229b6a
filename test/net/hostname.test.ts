import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithin, parseHostname } from '../../src/net/hostname.js'
import { propertyRuns } from '../support/property-runs.js'

const label63 = 'a'.repeat(63)
/** Four labels, 253 characters in all. */
const name253 = [label63, label63, label63, 'b'.repeat(61)].join('.')

describe('parseHostname', () => {
  it.each([
    ['home.example.com', 'home.example.com'],
    ['HOME.Example.COM', 'home.example.com'],
    ['home.example.com.', 'home.example.com'],
    ['  home.example.com\r\n', 'home.example.com'],
    ['example.com', 'example.com'],
    ['münchen.example.com', 'xn--mnchen-3ya.example.com'],
    ['MÜNCHEN.example.com.', 'xn--mnchen-3ya.example.com'],
    ['mu\u0308nchen.example.com', 'xn--mnchen-3ya.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['münchen。example。com', 'xn--mnchen-3ya.example.com'],
    ['*.home.example.com', '*.home.example.com'],
    ['*.münchen.example', '*.xn--mnchen-3ya.example'],
    ['_dmarc.example.com', '_dmarc.example.com'],
    ['a_b.example.com', 'a_b.example.com'],
    ['a--b.example.com', 'a--b.example.com'],
    ['1.2.3.4.example.com', '1.2.3.4.example.com'],
    ['4.example', '4.example'],
    [`${label63}.example.com`, `${label63}.example.com`],
    [name253, name253],
    [`${name253}.`, name253],
  ])('%j is %s', (text, name) => {
    expect(parseHostname(text)).toBe(name)
  })

  it.each([
    ['nothing', ''],
    ['spaces', '   '],
    ['a dot', '.'],
    ['a single label', 'localhost'],
    ['a single label with a dot', 'localhost.'],
    ['a single label of another script', 'münchen'],
    ['a lone wildcard', '*'],
    ['a wildcard that is not first', 'a.*.example.com'],
    ['two wildcards', '*.*.example.com'],
    ['a wildcard with company', '*a.example.com'],
    ['a wildcard with company in another script', '*ä.example.com'],
    ['an IPv4 address', '192.0.2.1'],
    ['an IPv4 address in full-width digits', '１９２.０.２.１'],
    ['a short IPv4 address', '127.1'],
    ['an IPv6 address', '2001:db8::1'],
    ['an IPv6 address in brackets', '[2001:db8::1]'],
    ['a last label of digits', 'home.example.7'],
    ['a label of 64', `${'a'.repeat(64)}.example.com`],
    ['a label of 64 once it is punycode', `${'ü'.repeat(60)}.example.com`],
    ['254 characters', `${name253}b`],
    ['254 characters with a wildcard', ['*', label63, label63, label63, 'b'.repeat(60)].join('.')],
    ['a leading hyphen', '-home.example.com'],
    ['a trailing hyphen', 'home-.example.com'],
    ['a hyphen alone', '-.example.com'],
    ['an empty label', 'home..example.com'],
    ['an empty first label', '.home.example.com'],
    ['two trailing dots', 'home.example.com..'],
    ['two trailing dots, another script', 'münchen.example.com..'],
    ['a space inside', 'ho me.example.com'],
    ['a NUL', 'ho\0me.example.com'],
    ['a percent sign', 'ho%6De.example.com'],
    ['a slash', 'home.example.com/path'],
    ['a port', 'home.example.com:80'],
    ['a user', 'me@home.example.com'],
    ['a backslash', 'home\\052.example.com'],
    ['a comma', 'home.example.com,token'],
    ['a lone surrogate', '\ud800.example.com'],
    ['100 KB of junk', '\u{1F4A9}%\0.'.repeat(20_000)],
    ['100 KB of dots', '.'.repeat(100_000)],
    ['100 KB of letters', 'a'.repeat(100_000)],
  ])('%s is no host name', (_, text) => {
    expect(parseHostname(text)).toBeUndefined()
  })

  // domainToASCII reads its argument as the host part of a URL, which has a syntax of its own.
  it.each([
    ['a path', 'münchen.example.com/path'],
    ['a backslash and a path', 'münchen.example.com\\path'],
    ['a port', 'münchen.example.com:80'],
    ['a query', 'münchen.example.com?x'],
    ['a fragment', 'münchen.example.com#x'],
    ['a user', 'me@münchen.example.com'],
    ['a percent sign', 'm%C3%BCnchen-ü.example.com'],
    ['a tab inside', 'mün\tchen.example.com'],
    ['a line feed inside', 'mün\nchen.example.com'],
    ['a carriage return inside', 'mün\rchen.example.com'],
    ['a NUL', 'mün\0chen.example.com'],
    ['a space inside', 'mün chen.example.com'],
  ])('%s in a name of another script is no host name', (_, text) => {
    expect(parseHostname(text)).toBeUndefined()
  })

  const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?'
  const grammar = new RegExp(`^(\\*\\.)?(${label}\\.)*${label}$`)
  const nearNames = fc
    .array(fc.string({ unit: fc.constantFrom(...'aZ09-_*ü例%/: \t'), maxLength: 6 }), { maxLength: 5 })
    .map((labels) => labels.join('.'))

  it('never throws, and what it accepts is a name in canonical spelling', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearNames, fc.domain(), fc.ipV4()), (text) => {
        const name = parseHostname(text)
        if (name === undefined) return
        expect(name).toMatch(grammar)
        expect(name).toMatch(/\..*[^\d.][^.]*$/)
        expect(name.length).toBeLessThanOrEqual(253)
        expect(parseHostname(name)).toBe(name)
        expect(parseHostname(`${name.toUpperCase()}.`)).toBe(name)
      }),
      { numRuns: propertyRuns(1000) },
    )
  })

  it('accepts every domain name', () => {
    fc.assert(
      fc.property(fc.domain(), (name) => {
        expect(parseHostname(name)).toBe(name.toLowerCase())
      }),
    )
  })

  it('cuts nothing off a name, and passes over nothing in it', () => {
    fc.assert(
      fc.property(nearNames, (text) => {
        const name = parseHostname(text)
        if (name === undefined) return
        const typed = text.trim().replace(/\.$/, '')
        expect(typed).not.toMatch(/[%/:\s]/)
        expect(name.split('.').length).toBe(typed.split('.').length)
      }),
      { numRuns: propertyRuns(2000) },
    )
  })
})

describe('isWithin', () => {
  it.each([
    ['example.com', 'example.com', true],
    ['home.example.com', 'example.com', true],
    ['a.b.example.com', 'example.com', true],
    ['*.example.com', 'example.com', true],
    ['badexample.com', 'example.com', false],
    ['example.com', 'home.example.com', false],
    ['example.com.evil', 'example.com', false],
    ['example.org', 'example.com', false],
  ])('%s in %s: %s', (name, domain, expected) => {
    expect(isWithin(name, domain)).toBe(expected)
  })
})
