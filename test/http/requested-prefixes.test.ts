import { describe, expect, it } from 'vitest'
import { readRequestedTargets } from '../../src/http/requested-addresses.js'
import { parseAddress } from '../../src/net/ip-address.js'
import type { Want } from '../../src/registrar/record.js'
import { callerV4, callerV6 } from './nic.js'

describe('prefixes', () => {
  const wants = (query: string, from = callerV4) => {
    const read = readRequestedTargets(
      new URLSearchParams(query),
      { address: parseAddress(from), isForwarded: true },
      false,
    )
    return 'refusal' in read ? 'refused' : Object.fromEntries(read)
  }
  const move = (network: string, bits: number): { AAAA: Want } => ({
    AAAA: { kind: 'prefix', prefix: { network, bits } },
  })
  const address = (text: string): { AAAA: Want } => ({ AAAA: { kind: 'address', address: text } })

  it.each([
    ['myipv6=2606:4700:1:2::/64', move('2606:4700:1:2::', 64)],
    ['myipv6=2606:4700:1:2:0:0:0:0/64', move('2606:4700:1:2::', 64)],
    ['myipv6=2606%3A4700%3A1%3A2%3A%3A%2F64', move('2606:4700:1:2::', 64)],
    ['ip6=2606:4700:1:200::/56', move('2606:4700:1:200::', 56)],
    ['myip=2606:4700:1::/48', move('2606:4700:1::', 48)],
    ['myipv6=2606:4700:1:2::/64,2606:4700::1111', move('2606:4700:1:2::', 64)],
    ['myip=2606:4700::1111&myipv6=2606:4700:1:2::/64', address('2606:4700::1111')],
    ['myip=%i&myipv6=2606:4700:1:2::/64', move('2606:4700:1:2::', 64)],
    // What has host bits is an address, and so is what has no room for them.
    ['myipv6=2606:4700:1:2::1/64', address('2606:4700:1:2::1')],
    ['myipv6=2606:4700:1:2::/56', address('2606:4700:1:2::')],
    ['myipv6=2606:4700:1:2::/128', address('2606:4700:1:2::')],
    ['myipv6=2606:4700:1:2::', address('2606:4700:1:2::')],
  ])('%s', (query, expected) => {
    for (const from of [callerV4, callerV6, '10.0.0.1']) expect(wants(query, from)).toEqual(expected)
  })

  it('may stand beside an IPv4 address', () => {
    const both = { A: { kind: 'address', address: '8.8.8.8' }, ...move('2606:4700:1:2::', 64) }
    expect(wants('myip=8.8.8.8&myipv6=2606:4700:1:2::/64')).toEqual(both)
    expect(wants('myip=8.8.8.8,2606:4700:1:2::/64')).toEqual(both)
  })

  it.each([callerV4, callerV6, '10.0.0.1'])(
    'of a network that the internet cannot reach moves nothing: the address of the caller %s is another host’s',
    (from) => {
      expect(wants('myipv6=fd00:1:2:3::/64', from)).toBe('refused')
      expect(wants('myipv6=2001:db8:1:2::/64', from)).toBe('refused')
    },
  )

  it.each(['2606:4700::/47', '2606:4700::/32', '2000::/3', '2000::/12'])(
    'of %s neither: more than a household gets may hold what the internet cannot reach',
    (prefix) => {
      expect(wants(`myipv6=${prefix}`)).toBe('refused')
      expect(wants(`myip=8.8.8.8&myipv6=${prefix}`)).toEqual({ A: { kind: 'address', address: '8.8.8.8' } })
    },
  )
})
