import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRequestedTargets } from '../../src/http/requested-addresses.js'
import { parseAddress } from '../../src/net/ip-address.js'
import { describeTarget } from '../../src/registrar/record.js'

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
  const name = fc.constantFrom('myip', 'ip', 'myipv6', 'ipv6', 'ip6', 'myip[]', 'hostname', '__proto__')
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
        const read = readRequestedTargets(new URLSearchParams(text), { address, isForwarded }, false)
        if (!('refusal' in read)) expect(read.size).toBeGreaterThan(0)
        for (const want of 'refusal' in read ? [] : read.values()) {
          if (want.kind !== 'absent') expect(describeTarget(want).replace(/\/.*/, '')).toSatisfy(isReachable)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('touches a family only where it is named, or as the caller’s own in place of what is missing', () => {
    fc.assert(
      fc.property(parameters, from, fc.boolean(), (list, address, allowPrivate) => {
        const query = new URLSearchParams(list)
        const read = readRequestedTargets(query, { address, isForwarded: true }, allowPrivate)
        if ('refusal' in read) return
        const items = ['myip', 'ip', 'myipv6', 'ipv6', 'ip6']
          .flatMap((key) => (query.get(key) ?? '').split(','))
          .map((text) => text.trim().toLowerCase())
        const named = items.map((text) => parseAddress(text.replace(/\/\d{1,3}$/, ''))?.family)
        const isCallersTurn = items.includes('auto') || named.every((family) => family === undefined)
        for (const type of read.keys()) {
          const family = type === 'A' ? 4 : 6
          expect(named.includes(family) || (isCallersTurn && address?.family === family)).toBe(true)
        }
        // And of what is named and fit, nothing is forgotten.
        for (const [index, family] of named.entries()) {
          const isOneHosts = !/^(0\.|::$|::\/|22[4-9]\.|23\d\.|255\.255\.255\.255|ff)/.test(
            items[index] ?? '',
          )
          if (family !== undefined && allowPrivate && isOneHosts)
            expect([...read.keys()]).toContain(family === 4 ? 'A' : 'AAAA')
        }
      }),
      { numRuns: 2000 },
    )
  })
})
