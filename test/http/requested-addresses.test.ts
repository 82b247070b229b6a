import { describe, expect, it } from 'vitest'
import { readRequestedTargets } from '../../src/http/requested-addresses.js'
import { parseAddress } from '../../src/net/ip-address.js'
import { describeTarget, type Target } from '../../src/registrar/record.js'
import { callerV4, callerV6 } from './nic.js'

const a = { A: '8.8.8.8' }
const aaaa = { AAAA: '2606:4700::1111' }
const callerOnly = { [callerV4]: { A: callerV4 }, [callerV6]: { AAAA: callerV6 } }

/** The targets by record type, or `refused`. */
function targets(query: string, from = callerV4, allowPrivate = false): Record<string, Target> | 'refused' {
  const caller = { address: parseAddress(from), isForwarded: true }
  const read = readRequestedTargets(new URLSearchParams(query), caller, allowPrivate)
  return 'refusal' in read ? 'refused' : Object.fromEntries(read)
}

/** The targets as text by record type, or `refused`. */
function described(query: string, from?: string, allowPrivate?: boolean): Record<string, string> | 'refused' {
  const read = targets(query, from, allowPrivate)
  if (read === 'refused') return read
  return Object.fromEntries(Object.entries(read).map(([type, target]) => [type, describeTarget(target)]))
}

describe('addresses that are named', () => {
  it.each([
    ['myip=8.8.8.8', a],
    ['ip=8.8.8.8', a],
    ['myip=2606:4700::1111', aaaa],
    ['myipv6=2606:4700::1111', aaaa],
    ['ipv6=2606:4700::1111', aaaa],
    ['ip6=2606:4700::1111', aaaa],
    ['myipv6=8.8.8.8', a],
    ['myip=8.8.8.8,2606:4700::1111', { ...a, ...aaaa }],
    ['myip=2606:4700::1111,8.8.8.8', { ...a, ...aaaa }],
    ['myip=8.8.8.8&myipv6=2606:4700::1111', { ...a, ...aaaa }],
    ['ip6=2606:4700::1111&ip=8.8.8.8', { ...a, ...aaaa }],
    ['ipv6=2606:4700::1111&myip=8.8.8.8', { ...a, ...aaaa }],
    ['myip=8.8.8.8,', a],
    ['myip=,2606:4700::1111', aaaa],
    ['myip=,,8.8.8.8,,', a],
    ['myip=8.8.8.8&myipv6=', a],
    ['myip=&myipv6=2606:4700::1111', aaaa],
    ['myip=%i&myipv6=2606:4700::1111', aaaa],
    ['myip=8.8.8.8&myipv6=preserve', a],
    ['myip=8.8.8.8,junk', a],
    ['myip=junk,8.8.8.8', a],
    // Of each family, and of a parameter, the first.
    ['myip=8.8.8.8,1.1.1.1', a],
    ['ip=1.1.1.1&myip=8.8.8.8', a],
    ['ip6=2606:4700::1&myipv6=2606:4700::1111', aaaa],
    ['myip=8.8.8.8&myip=1.1.1.1', a],
    ['myip=8.8.8.8&myip=2606:4700::1111', a],
    // Spelling.
    ['myip=8.8.8.8/24', a],
    ['myip=8.8.8.8/32', a],
    ['myip=8.8.8.0/24', { A: '8.8.8.0' }],
    ['myipv6=2606:4700::1111/64', aaaa],
    ['myipv6=2606:4700::1111/128', aaaa],
    ['myip=::ffff:8.8.8.8', a],
    ['myip=::FFFF:808:808', a],
    ['myipv6=::ffff:8.8.8.8/120', a],
    ['myipv6=2606:4700:0000::0:1111', aaaa],
    ['myipv6=2A00:1450::ABCD', { AAAA: '2a00:1450::abcd' }],
    ['myipv6=2606%3a4700%3A%3a1111', aaaa],
    ['myip=8.8.8.8%2C2606%3A4700%3A%3A1111', { ...a, ...aaaa }],
    ['my%69p=%38.8.8.8', a],
    ['myip=+8.8.8.8+,+2606:4700::1111%0D%0A', { ...a, ...aaaa }],
  ])('%s', (query, expected) => {
    expect(described(query, callerV4)).toEqual(expected)
    expect(described(query, callerV6)).toEqual(expected)
  })
})

describe('the caller’s own address', () => {
  it.each([
    ...['', 'myip', 'myip=', 'myip=&myipv6=', 'myip=,', 'hostname=home.example.com'],
    ...['myip=auto', 'myip=AUTO', 'ip=auto', 'myip=auto,auto', 'myip=+auto+'],
    ...['myip=%i', 'myip=%25i', 'myip=%ip', 'myip=<ipaddr>', 'myip=<ipaddr>&myipv6=<ip6addr>'],
    ...['myip=###IP###', 'myip=__MYIP__', 'myip=[IP]', 'myip=%IP%', 'myipv6=<ip6lanprefix>'],
    ...['myip=junk', 'myip=8.8.8', 'myip=8.8.8.8.', 'myip=08.8.8.8', 'myip=0x8.8.8.8', 'myip=134744072'],
    ...['myip=8.8.8.8:80', 'myip=[2606:4700::1111]', 'myipv6=fe80::1%25eth0', 'myip=8.8.8.8+1.1.1.1'],
    ...['myip=%00', 'myip=8.8.8.8%00', 'myip=%zz', 'myip=%ff%fe', 'myip=8.8.8.8/', 'myip=8.8.8.8/a'],
    ...['myip[x]=8.8.8.8', 'myip[]=8.8.8.8', 'myip[__proto__]=8.8.8.8', 'hostname[]=8.8.8.8'],
    ...['__proto__=8.8.8.8', 'constructor=8.8.8.8', 'toString=1', 'MYIP=8.8.8.8', 'url=8.8.8.8'],
    ...['myip=&myip=8.8.8.8', 'system=dyndns&wildcard=ON&mx=8.8.8.8&backmx=YES', 'offline=NOCHG', '&&&=&='],
  ])('%s', (query) => {
    for (const [from, expected] of Object.entries(callerOnly))
      expect(described(query, from)).toEqual(expected)
  })

  it('stands beside an address of the other family where it is asked for', () => {
    expect(described('myip=auto&myipv6=2606:4700::1111')).toEqual({ A: callerV4, ...aaaa })
    expect(described('myip=8.8.8.8,auto', callerV6)).toEqual({ ...a, AAAA: callerV6 })
  })

  it.each(['127.0.0.1', '10.0.0.1', '100.64.0.1', '::1', 'fd00::1', '203.0.113.7', 'unknown'])(
    'is not published when it is %s, and not needed where another is named',
    (from) => {
      for (const query of ['', 'myip=auto', 'myip=192.168.1.5', 'myipv6=fd00::2']) {
        expect(described(query, from)).toBe('refused')
      }
      expect(described('myip=8.8.8.8', from)).toEqual(a)
      expect(described('myip=192.168.1.5,2606:4700::1111', from)).toEqual(aaaa)
    },
  )

  it('is published, as every address is, when private ones are allowed', () => {
    expect(described('', '127.0.0.1', true)).toEqual({ A: '127.0.0.1' })
    expect(described('', 'unknown', true)).toBe('refused')
    expect(described('myip=192.168.1.5,fd00::1', callerV4, true)).toEqual({
      A: '192.168.1.5',
      AAAA: 'fd00::1',
    })
  })
})

describe('addresses that the internet cannot reach', () => {
  it.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '169.254.1.1'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.1.5', '192.168.1.5/24'],
    ...['198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1', '240.0.0.1'],
    ...['255.255.255.255', '::ffff:192.168.1.5'],
  ])('%s gives way to the caller’s IPv4 address, and to no IPv6 address', (text) => {
    expect(described(`myip=${text}`, callerV4)).toEqual({ A: callerV4 })
    expect(described(`myip=${text}`, callerV6)).toBe('refused')
    expect(described(`myip=${text}&myipv6=2606:4700::1111`, callerV4)).toEqual({ A: callerV4, ...aaaa })
    expect(described(`myip=${text}&myipv6=2606:4700::1111`, callerV6)).toEqual(aaaa)
  })

  it.each([
    ...['::', '::1', '::8.8.8.8', '64:ff9b::808:808', '100::1', '2001::1', '2001:db8::1', '2002:808:808::1'],
    ...['3fff::1', '4000::1', 'fc00::1', 'fdff::1', 'fe80::1', 'fe80::1/64', 'fec0::1', 'ff02::1'],
  ])('%s gives way to the caller’s IPv6 address, and to no IPv4 address', (text) => {
    expect(described(`myipv6=${text}`, callerV6)).toEqual({ AAAA: callerV6 })
    expect(described(`myipv6=${text}`, callerV4)).toBe('refused')
    expect(described(`myip=8.8.8.8,${text}`, callerV6)).toEqual({ ...a, AAAA: callerV6 })
    expect(described(`myip=8.8.8.8,${text}`, callerV4)).toEqual(a)
  })

  it.each(['100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '223.255.255.255', '1.0.0.1'])(
    '%s is none of them',
    (text) => expect(described(`myip=${text}`)).toEqual({ A: text }),
  )
})

describe('offline', () => {
  const noRecords = { A: 'no record', AAAA: 'no record' }
  it.each(['offline=YES', 'offline=yes', 'offline=Yes&myip=8.8.8.8', 'offline=YES&offline=NO'])(
    '%s',
    (query) => {
      for (const from of [callerV4, callerV6, '10.0.0.1']) expect(described(query, from)).toEqual(noRecords)
    },
  )

  it.each([
    'offline=NO',
    'offline=NOCHG',
    'offline=',
    'offline=1',
    'offline=NOCHG&offline=YES',
    'offline[]=YES',
  ])('not by %s', (query) => expect(described(`myip=8.8.8.8&${query}`)).toEqual(a))
})

describe('prefixes', () => {
  const move = (network: string, bits: number): { AAAA: Target } => ({
    AAAA: { kind: 'prefix', prefix: { network, bits } },
  })
  const address = (text: string): { AAAA: Target } => ({ AAAA: { kind: 'address', address: text } })

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
    for (const from of [callerV4, callerV6, '10.0.0.1']) expect(targets(query, from)).toEqual(expected)
  })

  it('may stand beside an IPv4 address', () => {
    const both = { A: { kind: 'address', address: '8.8.8.8' }, ...move('2606:4700:1:2::', 64) }
    expect(targets('myip=8.8.8.8&myipv6=2606:4700:1:2::/64')).toEqual(both)
    expect(targets('myip=8.8.8.8,2606:4700:1:2::/64')).toEqual(both)
  })

  it.each([callerV4, callerV6, '10.0.0.1'])(
    'of a network that the internet cannot reach moves nothing: the address of the caller %s is another host’s',
    (from) => {
      expect(targets('myipv6=fd00:1:2:3::/64', from)).toBe('refused')
      expect(targets('myipv6=2001:db8:1:2::/64', from)).toBe('refused')
    },
  )

  it.each(['2606:4700::/47', '2606:4700::/32', '2000::/3', '2000::/12'])(
    'of %s neither: more than a household gets may hold what the internet cannot reach',
    (prefix) => {
      expect(targets(`myipv6=${prefix}`)).toBe('refused')
      expect(targets(`myip=8.8.8.8&myipv6=${prefix}`)).toEqual({ A: { kind: 'address', address: '8.8.8.8' } })
    },
  )
})
