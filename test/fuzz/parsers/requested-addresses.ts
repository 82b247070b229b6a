import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readParameters } from '../../../src/http/parameters.js'
import { addressParameterNames, readRequestedTargets } from '../../../src/http/requested-addresses.js'
import { isPublic, networkOf, parseAddress, withoutPort } from '../../../src/net/ip-address.js'
import { describeTarget, type Target } from '../../../src/registrar/record.js'
import { pureProperty } from '../property.js'
import { anyAddress } from './addresses.js'

const item = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(anyAddress, fc.constantFrom('', '', '', '/64', '/24', '/0', '/999'))
      .map((p) => p.join('')),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '8.8.8.8',
      '2606:4700::',
      '2606:4700::/64',
      'auto',
      'AUTO',
      '',
      '%i',
      '<ipaddr>',
      'preserve',
      '8.8.8.8:80',
      '[2606:4700::5%eth0]:80',
      '"8.8.8.8"',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
)
const parameter = fc
  .tuple(
    fc.constantFrom(
      ...addressParameterNames,
      'MYIP',
      'myip[]',
      'amp;ip4',
      'hostname',
      'offline',
      '__proto__',
      '',
    ),
    fc.array(fc.oneof(item, fc.constantFrom('YES', 'yes', 'NO')), { maxLength: 4 }),
    fc.constantFrom(',', '%2C', ', ', ';', '+'),
    fc.constantFrom(encodeURIComponent, (text: string) => text),
  )
  .map(([name, items, between, encode]) => `${name}=${items.map((text) => encode(text)).join(between)}`)
const query = fc.oneof(
  { weight: 6, arbitrary: fc.array(parameter, { maxLength: 5 }).map((all) => all.join('&')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.webQueryParameters() },
)
const from = fc.oneof(anyAddress, fc.constantFrom('8.8.4.4', '2620:fe::fe', 'unknown')).map(parseAddress)

/** What is published was named in the request or is the caller's own, is of the record's family, and may be reached. */
export const requestedAddresses = pureProperty(
  'myip',
  fc.record({ query, from, isForwarded: fc.boolean(), allowPrivate: fc.boolean() }),
  ({ query: text, from: address, isForwarded, allowPrivate }) => {
    const parameters = readParameters(text)
    const read = readRequestedTargets(parameters, { address, isForwarded }, allowPrivate)
    if ('refusal' in read) {
      assert.match(read.refusal, /^[^\r\n]+$/)
      return
    }
    const { targets } = read
    assert.ok(targets.size > 0)
    const isOffline = parameters.get('offline')?.toUpperCase() === 'YES'
    const named = addressParameterNames.flatMap((name) =>
      [parameters.get(name) ?? '', ...parameters.getAll(`${name}[]`)]
        .join()
        .split(/[\s,;]+/)
        .flatMap(startsOf),
    )
    for (const [type, want] of targets) {
      assert.equal(want.kind === 'absent', isOffline)
      if (want.kind === 'absent') continue
      const published = parseAddress(startOf(want))
      assert.equal(published?.text, startOf(want))
      assert.equal(published?.family, type === 'A' ? 4 : 6)
      assert.ok(published && (allowPrivate || isPublic(published)))
      const isNamed = named.includes(published.text)
      assert.ok(isNamed || (want.kind === 'address' && address?.text === published.text))
    }
  },
)

/** The addresses that an item may be read as: bare, and the start of each network that it may lie in. */
function startsOf(item: string): string[] {
  const [, start = '', length] =
    /^(.*?)(?:\/(\d{1,3}))?$/s.exec(item.replace(/^["'`“”‘’]+|["'`“”‘’]+$/g, '')) ?? []
  const address = parseAddress(withoutPort(start).replace(/%.*/, ''))
  if (address?.family !== 6 || length === undefined) return address ? [address.text] : []
  const bits = Number(length)
  return bits > 0 && bits < 128 ? [address.text, networkOf(address.text, bits)] : [address.text]
}

function startOf(want: Target): string {
  return describeTarget(want).replace(/\/.*/, '')
}
