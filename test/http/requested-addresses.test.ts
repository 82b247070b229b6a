import { describe, expect, it } from 'vitest'
import { readParameters } from '../../src/http/parameters.js'
import { readRequestedTargets, type TargetsOrRefusal } from '../../src/http/requested-addresses.js'
import { parseAddress } from '../../src/net/ip-address.js'
import { describeTarget, type Target } from '../../src/registrar/record.js'
import { callerV4, callerV6 } from './nic.js'

const a = { A: '8.8.8.8' }
const aaaa = { AAAA: '2606:4700::1111' }
const callerOnly = { [callerV4]: { A: callerV4 }, [callerV6]: { AAAA: callerV6 } }

function read(query: string, from = callerV4, allowPrivate = false): TargetsOrRefusal {
  const caller = { address: parseAddress(from), isForwarded: true }
  return readRequestedTargets(readParameters(query), caller, allowPrivate)
}

/** The targets by record type, or `refused`. */
function targets(query: string, from?: string, allowPrivate?: boolean): Record<string, Target> | 'refused' {
  const found = read(query, from, allowPrivate)
  return 'refusal' in found ? 'refused' : Object.fromEntries(found.targets)
}

/** The targets as text by record type, or `refused`. */
function described(query: string, from?: string, allowPrivate?: boolean): Record<string, string> | 'refused' {
  const found = targets(query, from, allowPrivate)
  if (found === 'refused') return found
  return Object.fromEntries(Object.entries(found).map(([type, target]) => [type, describeTarget(target)]))
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
    // The twins for IPv4, and any case.
    ['myipv4=8.8.8.8', a],
    ['ipv4=8.8.8.8', a],
    ['ip4=8.8.8.8', a],
    ['ip4=8.8.8.8&ip6=2606:4700::1111', { ...a, ...aaaa }],
    ['ipv6=2606:4700::1111&ipv4=8.8.8.8', { ...a, ...aaaa }],
    ['myipv4=8.8.8.8&myipv6=2606:4700::1111', { ...a, ...aaaa }],
    ['MYIP=8.8.8.8', a],
    ['IP4=8.8.8.8&Ip6=2606:4700::1111', { ...a, ...aaaa }],
    ['MyIPv4=8.8.8.8&MYIPV6=2606:4700::1111', { ...a, ...aaaa }],
    ['ip4=2606:4700::1111', aaaa],
    // Lists as PHP and others write them, and what was copied out of XML.
    ['myip[]=8.8.8.8', a],
    ['myip[x]=8.8.8.8', a],
    ['myip[__proto__]=8.8.8.8', a],
    ['myip%5B%5D=8.8.8.8&myip%5B%5D=2606:4700::1111', { ...a, ...aaaa }],
    ['a=1&amp;myip=8.8.8.8', a],
    ['?myip=8.8.8.8', a],
    ['myip=8.8.8.8&amp;amp;myipv6=2606:4700::1111', { ...a, ...aaaa }],
    // What stands between addresses, and around one.
    ['myip=8.8.8.8+2606:4700::1111', { ...a, ...aaaa }],
    ['myip=8.8.8.8%20%202606:4700::1111', { ...a, ...aaaa }],
    ['myip=8.8.8.8;2606:4700::1111', { ...a, ...aaaa }],
    ['myip=8.8.8.8%09;+2606:4700::1111;', { ...a, ...aaaa }],
    ['myip=8.8.8.8%0A2606:4700::1111', { ...a, ...aaaa }],
    ['myip=8.8.8.8+1.1.1.1', a],
    ['myip=%228.8.8.8%22', a],
    ['myip=%278.8.8.8%27,%222606:4700::1111%22', { ...a, ...aaaa }],
    ['myip=%228.8.8.8,2606:4700::1111%22', { ...a, ...aaaa }],
    ['myip=%E2%80%9C8.8.8.8%E2%80%9D', a],
    ['myip=8.8.8.8:80', a],
    ['myip=8.8.8.8:0', a],
    ['ip4=8.8.8.8:65535', a],
    ['myip=[2606:4700::1111]', aaaa],
    ['myipv6=%5B2606:4700::1111%5D:443', aaaa],
    ['ip6=[2606:4700::1111]/64', aaaa],
    ['ip6=2606:4700::1111%25eth0', aaaa],
    ['ip6=2606:4700::1111%25br-lan.7/64', aaaa],
    ['ip6=[2606:4700::1111%25eth0]:80', aaaa],
    // An address that is spelled out and fits comes before what would stand in for one that does not.
    ['myip=192.168.1.5,8.8.8.8', a],
    ['myip=10.0.0.1&ip4=8.8.8.8', a],
    ['myip=auto,8.8.8.8,2606:4700::1111', { ...a, ...aaaa }],
    // What is left beside it, and why it is: see below.
    ['ip4=8.8.8.8&ip6=', a],
    ['ip4=8.8.8.8&ip6=<ip6addr>', a],
    ['ip4=8.8.8.8&ip6=no', a],
    ['myip=preserve&ip6=2606:4700::1111', aaaa],
    ['ip4=no&ip6=2606:4700::1111', aaaa],
    ['ip4=preserve&myip=8.8.8.8,2606:4700::1111', aaaa],
    ['myip=8.8.8.8&prefix=64', a],
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
    ...['myip=###IP###', 'myip=__MYIP__', 'myip=[IP]', 'myip=%IP%', 'ip=%i', 'ip=junk'],
    ...['myip=junk', 'myip=8.8.8', 'myip=08.8.8.8', 'myip=0x8.8.8.8', 'myip=134744072', 'myip=300.8.8.8'],
    ...['myip=%00', 'myip=%zz', 'myip=%ff%fe', 'myip=junk&ip6=junk', 'myip=<ipaddr>&ip6lanprefix='],
    ...['hostname[]=8.8.8.8', 'myip=junk,junk', 'myip=&ip4=&ip6=', 'MYIP=Auto', 'amp;myip=auto'],
    ...['__proto__=8.8.8.8', 'constructor=8.8.8.8', 'toString=1', 'xmyip=8.8.8.8', 'url=8.8.8.8'],
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

describe('a family that is named is never answered by the other one', () => {
  const unread = [
    ...['', 'junk', '<ip6addr>', '<ip6lanprefix>', '%i', '%00', '%zz', '2606', '2606:4700', 'none', '64'],
    ...['preserve', 'no', 'NOCHG'],
  ]
  const names = ['myipv6', 'ipv6', 'ip6', 'IP6', 'myipv4', 'ipv4', 'ip4', 'ip6[]', 'amp;ip4']
  const networks = ['ip6lanprefix', 'ipv6lanprefix', 'ipv6prefix', 'ip6prefix', 'prefix', 'PREFIX']

  it.each([...names, ...networks])('%s that cannot be read', (name) => {
    for (const value of unread) {
      for (const from of [callerV4, callerV6]) {
        const found = read(`hostname=home.example.com&${name}=${value}`, from)
        expect(found).toEqual({ refusal: expect.any(String), unused: expect.any(Array) })
        const parameter = name.toLowerCase().replace(/amp;|\[\]/g, '')
        expect('refusal' in found && found.refusal).toContain(parameter)
      }
    }
  })

  it.each([
    ['ip6=auto', callerV6, { AAAA: callerV6 }],
    ['ip6=auto', callerV4, 'refused'],
    ['ip4=auto', callerV4, { A: callerV4 }],
    ['ip4=auto', callerV6, 'refused'],
    ['ip4=auto&ip6=auto', callerV4, { A: callerV4 }],
    ['ip4=auto&ip6=auto', callerV6, { AAAA: callerV6 }],
    ['prefix=auto', callerV6, 'refused'],
    ['ip6=fe80::1%25eth0', callerV6, { AAAA: callerV6 }],
    ['ip6=fe80::1%25eth0', callerV4, 'refused'],
    ['ip4=192.168.1.5', callerV4, { A: callerV4 }],
    ['ip4=192.168.1.5', callerV6, 'refused'],
    ['ip6=192.168.1.5', callerV4, 'refused'],
    ['ip4=fd00::5', callerV6, 'refused'],
  ])('%s from %s', (query, from, expected) => {
    expect(described(query, from)).toEqual(expected)
  })

  it.each([
    'myip=preserve',
    'myip=no',
    'MyIP=NoChg',
    'ip=preserve',
    'myip=junk,no',
    'ip4=no&myip=',
    'ip4=no&myip=auto',
  ])('%s leaves the caller’s own out, too', (query) => {
    const found = read(query)
    expect('refusal' in found && found.refusal).toMatch(/left alone/)
  })
})

describe('what begins as an address and goes on as something else is never guessed', () => {
  it.each([
    ...[
      '8.8.8.8.',
      '8.8.8.8x',
      '8.8.8.8%00',
      '8.8.8.8/',
      '8.8.8.8/a',
      '8.8.8.8/24/24',
      '8.8.8.8:80:80',
      '8.8.8.256',
    ],
    ...[
      '9.9.9.2nas.example.com',
      '8.8.8.8?system=dyndns',
      '8.8.8.8%26hostname=x',
      '8.8.8.8%252C1.1.1.1',
      '8.8.8.8%7C1.1.1.1',
    ],
    ...['8.8.8.8%2B1.1.1.1', '8.8.8.8%25eth0', '8.8.8.8:', '8.8.8.8/255.255.255.0'],
    ...[
      '2606:4700:7:7::/64x',
      '2606:4700:7:7::/64::5',
      '2606:4700:7:7::5%25',
      '2606:4700:7:7',
      '2606:4700:7:7:1:2:3',
    ],
    ...[
      '[2606:4700::77',
      '[2606:4700::77]x',
      '[2606:4700::77]:port',
      '2606%253A4700%253A%253A1111',
      '00:11:22:33:44:55',
    ],
    ...['::ffff:8.8.8.8.8', '::g', '2606:4700::1111::', '2606:4700::1111/a'],
  ])('%s', (value) => {
    for (const name of ['myip', 'ip', 'ip4', 'ip6', 'prefix']) {
      // Another family beside it, or one of its own behind it, makes no difference.
      const other = value.startsWith('8') || value.startsWith('9') ? '2606:4700::1' : '1.1.1.1'
      for (const query of [
        `${name}=${value}`,
        `${name}=${other},${value}`,
        `${name}=junk,${value},1.1.1.1`,
      ]) {
        if (name === 'prefix' && query.includes(other)) continue
        for (const from of [callerV4, callerV6]) {
          const found = read(query, from)
          expect('refusal' in found && found.refusal).toMatch(
            new RegExp(`^${name} begins as an address and goes on as something else`),
          )
        }
      }
    }
  })
})

it.each([
  // A USG or EdgeRouter with half a query in its Server field.
  ['ip=1.1.1.1/nic/update?system=dyndns&myip=8.8.8.8', a],
  ['myip=8.8.8.8,1.1.1.1x', a],
  ['myipv4=8.8.8.8&ip4=8.8.8.8.', a],
  ['ip6=2606:4700::1111&prefix=2606:4700:7:7::/64x', aaaa],
  ['ip=8.8.8.8&myip=1.1.1.1/nic', 'refused'],
  ['myip=192.168.1.5,8.8.8.8x', 'refused'],
  ['myip=auto&ip4=8.8.8.8x', 'refused'],
  ['myip=8.8.8.8&prefix=1.1.1.1x', 'refused'],
])('but where an address of its family comes first, that counts: %s', (query, expected) => {
  expect(described(query)).toEqual(expected)
})

describe('what is named and not published leaves a note, without its value', () => {
  it.each<[string, string[]]>([
    ['myip=8.8.8.8', []],
    ['', []],
    ['myip=', []],
    ['myip=auto', []],
    ['myip=8.8.8.8&myipv6=', []],
    ['myip=8.8.8.8&myipv6=preserve', []],
    ['myip=s3cret', ['myip: it holds no address']],
    ['myip=s3cret,s3cret2', ['myip: it holds no address']],
    ['IP6=s3cret&ip4=8.8.8.8', ['ip6: it holds no address']],
    ['myip=8.8.8.8,1.1.1.1', ['myip: another of that family comes first']],
    ['myip=8.8.8.8&ip=1.1.1.1/nic/update?system=dyndns', ['ip: another of that family comes first']],
    ['myip=0.0.0.0', ['myip: it cannot be reached from the internet']],
    ['myip=8.8.8.8&ip6=fd00::1', ['ip6: it cannot be reached from the internet']],
    ['myip=8.8.8.8&prefix=fd00::/64', ['prefix: it cannot be reached from the internet']],
    ['myip=8.8.8.8&ip6=auto', ['ip6: the caller has no such address to publish']],
    ['ip4=no&myip=8.8.8.8,2606:4700::1', ['myip: that address is to be left alone']],
    ['ip6=s3cret', ['ip6: it holds no address']],
  ])('%s', (query, notes) => {
    const { unused } = read(query)
    expect(unused.map(({ parameter, reason }) => `${parameter}: ${reason}`)).toEqual(notes)
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
    ['myipv6=2606:4700:1:2::/128', address('2606:4700:1:2::')],
    // What is all zero behind its 64th bit is no host's address, whatever the length of a larger network.
    ['myipv6=2606:4700:1:2::', move('2606:4700:1:2::', 64)],
    ['myip=2606:4700:1:2::', move('2606:4700:1:2::', 64)],
    ['myipv6=[2606:4700:1:2::]', move('2606:4700:1:2::', 64)],
    ['myipv6=2606:4700:1:2::/56', move('2606:4700:1:2::', 64)],
    ['myipv6=2606:4700:1:2:0:0:0:1', address('2606:4700:1:2::1')],
    // The parameters for networks.
    ['ip6lanprefix=2606:4700:7:7::/64', move('2606:4700:7:7::', 64)],
    ['ipv6lanprefix=2606:4700:7:7::/64', move('2606:4700:7:7::', 64)],
    ['ipv6prefix=2606:4700:7:7::/64', move('2606:4700:7:7::', 64)],
    ['ip6prefix=2606:4700:7:7::/64', move('2606:4700:7:7::', 64)],
    ['prefix=2606:4700:7:7::/64', move('2606:4700:7:7::', 64)],
    ['PREFIX=2606%3A4700%3A7%3A7%3A%3A%2F64', move('2606:4700:7:7::', 64)],
    ['prefix=2606:4700:7:7::', move('2606:4700:7:7::', 64)],
    ['prefix=2606:4700:7:7::5/64', move('2606:4700:7:7::', 64)],
    ['prefix=2606:4700:7:700::/56', move('2606:4700:7:700::', 56)],
    ['ip6=2606:4700::1111&prefix=2606:4700:7:7::/64', address('2606:4700::1111')],
  ])('%s', (query, expected) => {
    for (const from of [callerV4, callerV6, '10.0.0.1']) expect(targets(query, from)).toEqual(expected)
  })

  it.each(['2606:4700:7:7::5', '2606:4700:7:7::5/128', '8.8.8.8', '8.8.8.0/24'])(
    'in a parameter for networks, %s is none, and is refused',
    (value) => expect(targets(`myip=8.8.8.8&prefix=${value}`)).toBe('refused'),
  )

  it('may stand beside an IPv4 address', () => {
    expect(targets('ip4=8.8.8.8&prefix=2606:4700:1:2::/64')).toEqual(
      targets('myip=8.8.8.8,2606:4700:1:2::/64'),
    )
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
