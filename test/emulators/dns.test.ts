import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolve } from '../../emulators/dns/resolve.js'
import { publicZones } from '../../emulators/dns/route53.js'
import { type DnsServer, startDnsServer } from '../../emulators/dns/server.js'
import { Zone } from '../../emulators/route53/zone.js'
import { exampleZones, recordSet } from './dns/testing.js'

let server: DnsServer
beforeAll(async () => {
  server = await startDnsServer({ lookup: () => exampleZones })
})
afterAll(() => server.close())

test.each([
  ['home.example.com', 'A', ['192.0.2.1']],
  ['HOME.example.com', 'A', ['192.0.2.1']],
  ['home.example.com', 'AAAA', ['2001:db8::1']],
  ['example.com', 'NS', ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.net']],
  ['www.example.com', 'CNAME', ['Home.example.com']],
  ['www.example.com', 'A', ['192.0.2.1']],
  ['a.sub.example.com', 'A', ['192.0.2.9']],
  ['any.wild.example.com', 'A', ['192.0.2.7']],
  ['any.thing.wild.example.com', 'A', ['192.0.2.7']],
  ['*.wild.example.com', 'A', ['192.0.2.7']],
] as const)('node:dns resolves %s %s', async (name, type, expected) => {
  expect(await resolve(server.port, name, type)).toEqual(expected)
})

test.each([
  ['a type that is not there', 'example.com', 'A', 'ENODATA'],
  ['a name that only has names below it', 'down.example.com', 'A', 'ENODATA'],
  ['a type that the wildcard does not have', 'any.wild.example.com', 'AAAA', 'ENODATA'],
  ['a name beside a wildcard', 'there.wild.example.com', 'A', 'ENODATA'],
  ['a name below one that hides the wildcard', 'x.there.wild.example.com', 'A', 'ENOTFOUND'],
  ['the parent of a wildcard', 'wild.example.com', 'A', 'ENODATA'],
  ['an unknown name', 'nothing.example.com', 'A', 'ENOTFOUND'],
  ['an unknown name in a zone without SOA', 'b.sub.example.com', 'A', 'ENOTFOUND'],
  ['a CNAME to an unknown name', 'dangling.example.com', 'A', 'ENOTFOUND'],
  ['a name outside every zone', 'home.example.org', 'A', 'EREFUSED'],
  ['a name that ends like a zone', 'xample.com', 'A', 'EREFUSED'],
  ['a malformed value', 'broken.example.com', 'A', 'ESERVFAIL'],
] as const)('node:dns has a code for %s', async (_, name, type, code) => {
  await expect(resolve(server.port, name, type)).rejects.toMatchObject({ code })
})

test('the zones are looked up anew for every question, and the port is free after close', async () => {
  let address = '192.0.2.1'
  const lookup = () => [{ name: 'example.com', recordSets: [recordSet('home.example.com', 'A', address)] }]
  const first = await startDnsServer({ lookup })
  expect(await resolve(first.port, 'home.example.com', 'A')).toEqual(['192.0.2.1'])
  address = '192.0.2.2'
  expect(await resolve(first.port, 'home.example.com', 'A')).toEqual(['192.0.2.2'])
  await expect(startDnsServer({ lookup, port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.close()
  const second = await startDnsServer({ lookup, port: first.port })
  expect(await resolve(second.port, 'home.example.com', 'A')).toEqual(['192.0.2.2'])
  await second.close()
})

test('hosted zones of the Route 53 emulator resolve, private ones and aliases do not', async () => {
  const identity = { name: 'example.com.', callerReference: 'test' }
  const zone = new Zone({ ...identity, id: 'Z1', private: false })
  zone.put({ name: '*.example.com', type: 'A', ttl: 60, values: ['192.0.2.1'] })
  const aliasTarget = { hostedZoneId: 'Z1', dnsName: 'a.example.com', evaluateTargetHealth: false }
  zone.put({ name: 'alias.example.com', type: 'A', aliasTarget })
  const hidden = new Zone({ ...identity, id: 'Z2', name: 'a.example.com.', private: true })
  const responder = await startDnsServer({ lookup: () => publicZones([zone, hidden]) })
  expect(await resolve(responder.port, 'a.example.com', 'A')).toEqual(['192.0.2.1'])
  await expect(resolve(responder.port, 'alias.example.com', 'A')).rejects.toMatchObject({ code: 'ENODATA' })
  zone.put({ name: 'a.example.com', type: 'A', ttl: 60, values: ['192.0.2.2'] })
  expect(await resolve(responder.port, 'a.example.com', 'A')).toEqual(['192.0.2.2'])
  await responder.close()
})
