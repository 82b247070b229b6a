import assert from 'node:assert/strict'
import { isIP } from 'node:net'
import express, { type Request } from 'express'
import fc from 'fast-check'
import { type Caller, callerOf, trustProxies } from '../../../src/http/client-address.js'
import { parseAddress, withoutPort } from '../../../src/net/ip-address.js'
import { pureProperty } from '../property.js'
import { anyAddress } from './addresses.js'

const entry = fc.oneof(
  { weight: 4, arbitrary: anyAddress },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        '203.0.113.7:4711',
        '[2001:db8::7]',
        '[2001:db8::7]:80',
        'fe80::1%eth0',
        '203.0.113',
        '1',
        '0x7f.1',
      ],
      ...['', ' ', '\t', 'unknown', '_hidden', '203.0.113.7 6.6.6.6', '"203.0.113.7"', 'for=203.0.113.7'],
      ...['127.0.0.1', '10.0.0.9', '::1', '::ffff:10.0.0.9'],
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map((text) => text.replaceAll(',', '')) },
)
const entries = fc.oneof(
  { weight: 9, arbitrary: fc.array(entry, { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(entry, { minLength: 100, maxLength: 120 }) },
)
const separator = fc.constantFrom(',', ', ', ' , ', ',  ')

const hops = [0, 1, 2, 3].map((trustProxy) => ({ trustProxy, find: findCaller(trustProxy) }))

/** The address of record is the entry that the trusted hop wrote, or none: never one further to the left. */
export const forwardedFor = pureProperty(
  'x-forwarded-for',
  fc.record({ list: entries, separator, peer: fc.constantFrom('::ffff:127.0.0.1', '203.0.113.200') }),
  ({ list, separator: between, peer }) => {
    const value = list.join(between)
    // An entry of spaces is none.
    const seen = [
      peer,
      ...list
        .map((text) => text.replace(/^ +| +$/g, ''))
        .filter(Boolean)
        .reverse(),
    ]
    for (const { trustProxy, find } of hops) {
      const trusted = seen[Math.min(trustProxy, seen.length - 1)] ?? ''
      assert.deepEqual(find(peer, value).address, parseAddress(withoutPort(trusted)))
    }
  },
)

// Spelled as proxies spell addresses: proxy-addr knows 10.0.0.9 as 167772169 and ::10.0.0.9 too.
const behindNetworks = fc.oneof(
  fc.ipV4(),
  fc.constantFrom('127.0.0.1', '10.0.0.9', '::ffff:10.0.0.9', '2001:db8::7', '::1', '203.0.113.7'),
  fc.constantFrom(
    '10.0.0.9:4711',
    '[::1]',
    '10.0.0.9%eth0',
    '10.0.0.9 10.0.0.9',
    '10.0.0.256',
    '',
    ' ',
    'unknown',
  ),
)
const isTrusted = (entry: string) => {
  const text = withoutPort(entry)
  return /^(::ffff:)?(127|10)\.\d+\.\d+\.\d+$/.test(text) && isIP(text) !== 0
}
const findBehindNetworks = findCaller(['127.0.0.0/8', '10.0.0.0/8'])

/** The same where networks are trusted: the first from the right that lies in none of them. */
export const forwardedForNetworks = pureProperty(
  'x-forwarded-for, networks',
  fc.record({ list: fc.array(behindNetworks, { maxLength: 6 }), separator }),
  ({ list, separator: between }) => {
    const seen = list.map((text) => text.replace(/^ +| +$/g, '')).filter(Boolean)
    const expected = seen.findLast((text) => !isTrusted(text)) ?? seen[0] ?? '127.0.0.1'
    const { address } = findBehindNetworks('::ffff:127.0.0.1', list.join(between))
    assert.deepEqual(address, parseAddress(withoutPort(expected)))
  },
)

/** How an Express application with this setting, as the service's has it, sees the caller; without a socket. */
function findCaller(trustProxy: number | string[]): (peer: string, forwardedFor: string) => Caller {
  const app = express()
  trustProxies(app, trustProxy)
  return (remoteAddress, value) => {
    const headers = { 'x-forwarded-for': value }
    const request: unknown = Object.create(app.request, {
      app: { value: app },
      headers: { value: headers },
      socket: { value: { remoteAddress } },
    })
    return callerOf(request as Request)
  }
}
