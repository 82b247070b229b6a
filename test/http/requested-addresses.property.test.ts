import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readParameters } from '../../src/http/parameters.js'
import { addressParameterNames, readRequestedTargets } from '../../src/http/requested-addresses.js'
import { parseAddress } from '../../src/net/ip-address.js'
import { describeTarget } from '../../src/registrar/record.js'
import { propertyRuns } from '../support/property-runs.js'

/** Written down from RFC 6890 and IANA's registries, not from ipaddr.js. */
const special = new BlockList()
for (const network of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
  ...['203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]) {
  const [start = '', bits] = network.split('/')
  special.addSubnet(start, Number(bits))
}
const unicast = new BlockList()
unicast.addSubnet('2000::', 3, 'ipv6')
special.addSubnet('2001:db8::', 32, 'ipv6')
special.addSubnet('2001::', 23, 'ipv6')
special.addSubnet('2002::', 16, 'ipv6')
special.addSubnet('3fff::', 20, 'ipv6')

const isReachable = (text: string) =>
  text.includes(':')
    ? unicast.check(text, 'ipv6') && !special.check(text, 'ipv6')
    : !special.check(text, 'ipv4')

describe('any request', () => {
  const v4 = fc.oneof(
    fc.ipV4(),
    fc.constantFrom('8.8.8.8', '192.168.1.5', '100.64.0.1', '0.0.0.0', '127.0.0.1'),
  )
  const v6 = fc.oneof(
    fc.ipV6(),
    fc
      .tuple(
        fc.constantFrom('2606:4700::', '2001:db8:1::', 'fd00::', 'fe80::', '2002:808:808::'),
        fc.integer({ min: 0, max: 9 }),
      )
      .map(([start, host]) => `${start}${host || ''}`),
  )
  const withLength = fc
    .tuple(fc.oneof(v4, v6), fc.constantFrom('', '', '/24', '/64', '/56', '/128', '/3', '/0', '/999'))
    .map(([text, length]) => text + length)
  const item = fc.oneof(
    { weight: 6, arbitrary: withLength },
    { weight: 2, arbitrary: fc.constantFrom('', 'auto', '%i', '<ipaddr>', '###IP###', '__MYIP__', 'AUTO ') },
    { weight: 1, arbitrary: fc.string() },
  )
  const name = fc.constantFrom(...addressParameterNames, 'myip[]', 'IP4', 'hostname', '__proto__')
  const parameter = fc
    .tuple(name, fc.array(item, { maxLength: 3 }))
    .map(([key, list]): [string, string] => [key, list.join()])
  const parameters = fc.array(parameter, { maxLength: 4 })
  const from = fc.oneof(v4, v6, fc.constantFrom('9.9.9.9', '2620:fe::fe', 'unknown')).map(parseAddress)

  it('is read without a throw, and never asks for an address that the internet cannot reach', () => {
    const query = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webQueryParameters(),
      parameters.map((list) => new URLSearchParams(list).toString()),
      parameters.map((list) => list.map(([key, value]) => `${key}=${value}`).join('&')),
    )
    fc.assert(
      fc.property(query, from, fc.boolean(), (text, address, isForwarded) => {
        const read = readRequestedTargets(readParameters(text), { address, isForwarded }, false)
        if ('refusal' in read) return
        expect(read.targets.size).toBeGreaterThan(0)
        for (const want of read.targets.values()) {
          if (want.kind !== 'absent') expect(describeTarget(want).replace(/\/.*/, '')).toSatisfy(isReachable)
        }
      }),
      { numRuns: propertyRuns(1000) },
    )
  })

  const families = (key: string) => (/^(myip|ip)$/.test(key) ? [4, 6] : [key.includes('4') ? 4 : 6])
  /** The family of an item that is an address on its own; a network’s length behind it does not matter. */
  const familyOf = (text: string) => parseAddress(text.replace(/\/\d{1,3}$/, ''))?.family

  it('touches a family only where an address of it is spelled out, or the caller’s own is what is asked for', () => {
    fc.assert(
      fc.property(parameters, from, fc.boolean(), (list, address, allowPrivate) => {
        const query = readParameters(new URLSearchParams(list).toString())
        const read = readRequestedTargets(query, { address, isForwarded: true }, allowPrivate)
        if ('refusal' in read) return
        const sent = addressParameterNames.filter((key) => query.has(key) || query.has(`${key}[]`))
        const items = sent.flatMap((key) =>
          [query.get(key) ?? '', ...query.getAll(`${key}[]`)]
            .join()
            .split(/[\s,;]+/)
            .map((text) => ({ key, text: text.toLowerCase() })),
        )
        // A parameter for networks never names an IPv4 address.
        const named = items.map(({ key, text }) =>
          key.endsWith('prefix') && familyOf(text) === 4 ? undefined : familyOf(text),
        )
        const isCallersTurn =
          sent.length === 0 || items.some(({ key, text }) => families(key).length === 2 || text === 'auto')
        for (const type of read.targets.keys()) {
          const family = type === 'A' ? 4 : 6
          expect(named.includes(family) || (isCallersTurn && address?.family === family)).toBe(true)
        }
        // And of what is named and fit, nothing is forgotten.
        for (const [index, family] of named.entries()) {
          const isOneHosts = !/^(0\.|::$|::\/|22[4-9]\.|23\d\.|255\.255\.255\.255|ff)/.test(
            items[index]?.text ?? '',
          )
          if (family !== undefined && allowPrivate && isOneHosts)
            expect([...read.targets.keys()]).toContain(family === 4 ? 'A' : 'AAAA')
        }
      }),
      { numRuns: propertyRuns(1000) },
    )
  })

  const word = fc.oneof(
    fc.constantFrom('', 'auto', 'preserve', 'no', '%i', '<ip6addr>', 'junk', '64'),
    fc.string({ maxLength: 8 }).filter((text) => !/[.:]/.test(text)),
  )
  const anyCase = (text: string) =>
    fc
      .tuple(fc.constantFrom('', 'amp;', 'amp;amp;'), fc.constantFrom('', '[]', '[x]'), fc.nat())
      .map(([before, after, seed]) => {
        const cased = [...text].map((letter, at) => ((seed >> at) & 1 ? letter.toUpperCase() : letter))
        return before + cased.join('') + after
      })

  it.each([4, 6] as const)(
    'that names IPv%d alone never writes the other family, whoever calls',
    (family) => {
      const address = family === 4 ? v4 : v6
      const ofFamily = addressParameterNames.filter((key) => families(key).join() === String(family))
      const one = fc.tuple(fc.constantFrom(...ofFamily).chain(anyCase), fc.array(fc.oneof(address, word)))
      const list = fc.array(
        one.map(([key, texts]): [string, string] => [key, texts.join()]),
        { minLength: 1, maxLength: 4 },
      )
      fc.assert(
        fc.property(list, from, fc.boolean(), (sent, caller, allowPrivate) => {
          const query = readParameters(new URLSearchParams(sent).toString())
          const read = readRequestedTargets(query, { address: caller, isForwarded: true }, allowPrivate)
          // A mapped address is of IPv4, wherever it stands.
          if (sent.some(([, texts]) => /:0*:?ffff:/i.test(texts))) return
          const types = 'refusal' in read ? [] : [...read.targets.keys()]
          expect([[], [family === 4 ? 'A' : 'AAAA']]).toContainEqual(types)
        }),
        { numRuns: propertyRuns(1000) },
      )
    },
  )

  it('with an item that begins as an address and goes on as something else writes nothing', () => {
    const rest = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/[\s,;"'`]/.test(text))
    const glued = fc
      .tuple(fc.oneof(v4, v6), fc.constantFrom('x', '?', '.', '|', 'nas.', '&', '//', '\0'), rest)
      .map((parts) => parts.join(''))
    const key = fc.constantFrom(...addressParameterNames)
    fc.assert(
      fc.property(key, glued, fc.option(v4), from, (name, text, other, address) => {
        const query = readParameters(
          new URLSearchParams({ [name]: text, ...(other && { url: other }) }).toString(),
        )
        const read = readRequestedTargets(query, { address, isForwarded: true }, true)
        expect('refusal' in read && read.refusal).toMatch(new RegExp(`^${name} begins as an address`))
      }),
      { numRuns: propertyRuns(1000) },
    )
  })

  it('says why something is not published in words of ours alone: a value may be a token', () => {
    const token = fc.stringMatching(/^[g-z][A-Za-z0-9_-]{9,30}$/)
    const values = fc.array(fc.oneof({ weight: 3, arbitrary: token }, v4, v6), { minLength: 1, maxLength: 4 })
    const key = fc.constantFrom(...addressParameterNames).chain(anyCase)
    fc.assert(
      fc.property(fc.array(fc.tuple(key, values), { minLength: 1, maxLength: 3 }), from, (sent, address) => {
        const list = sent.map(([name, texts]): [string, string] => [name, texts.join()])
        const query = readParameters(new URLSearchParams(list).toString())
        const read = readRequestedTargets(query, { address, isForwarded: true }, false)
        const said = JSON.stringify(read.unused) + ('refusal' in read ? read.refusal : '')
        for (const text of sent.flatMap(([, texts]) => texts))
          if (!parseAddress(text)) expect(said).not.toContain(text)
      }),
      { numRuns: propertyRuns(1000) },
    )
  })
})
