// ChangeResourceRecordSets as the real SDK sees it, table by table. Runs against other implementations too: see connect.
import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  connect,
  create,
  many,
  oneLine,
  record,
  remove,
  type TestApi,
  upsert,
} from './route53/test-client.js'

let api: TestApi

beforeAll(async () => {
  api = await connect()
})

afterAll(() => api.close())

const alias: ResourceRecordSet = {
  Name: 'home.example.net',
  Type: 'A',
  AliasTarget: { HostedZoneId: 'Z2FDTNDATAQYW2', DNSName: 'd1.cloudfront.net', EvaluateTargetHealth: false },
}
const cname = record('elsewhere.example.org', { Type: 'CNAME' })
const weighted = record('192.0.2.9', { SetIdentifier: 'w', Weight: 10 })
const latency = record('192.0.2.9', { SetIdentifier: 'l', Region: 'eu-west-1' })
const multivalue = record('192.0.2.9', { SetIdentifier: 'm', MultiValueAnswer: true })

const text = (name: string, length: number) =>
  record(`"${'x'.repeat(length - 2)}"`, { Name: `${name}.example.net`, Type: 'TXT' })

describe('an accepted batch', () => {
  const cases: { does: string; to?: ResourceRecordSet[]; batch: Change[]; gives: string[] }[] = [
    { does: 'creates', batch: [create(record('192.0.2.1'))], gives: ['home.example.net. A 60 192.0.2.1'] },
    {
      does: 'upserts what is not there',
      batch: [upsert(record('2001:db8::1', { Type: 'AAAA' }))],
      gives: ['home.example.net. AAAA 60 2001:db8::1'],
    },
    {
      does: 'upserts over values and TTL',
      to: [record(['192.0.2.1', '192.0.2.2'], { TTL: 300 })],
      batch: [upsert(record('192.0.2.3'))],
      gives: ['home.example.net. A 60 192.0.2.3'],
    },
    {
      does: 'upserts what is there already',
      to: [record('192.0.2.1')],
      batch: [upsert(record('192.0.2.1'))],
      gives: ['home.example.net. A 60 192.0.2.1'],
    },
    {
      does: 'upserts over an alias',
      to: [alias],
      batch: [upsert(record('192.0.2.1'))],
      gives: ['home.example.net. A 60 192.0.2.1'],
    },
    { does: 'writes an alias', batch: [upsert(alias)], gives: ['home.example.net. A -> d1.cloudfront.net.'] },
    {
      does: 'takes names in any case, with or without the last dot',
      to: [record('192.0.2.1', { Name: 'Home.EXAMPLE.net' })],
      batch: [upsert(record('192.0.2.2', { Name: 'hOME.example.net.' }))],
      gives: ['home.example.net. A 60 192.0.2.2'],
    },
    {
      does: 'returns a wildcard as \\052',
      batch: [create(record('192.0.2.1', { Name: '*.example.net' }))],
      gives: ['\\052.example.net. A 60 192.0.2.1'],
    },
    {
      does: 'takes a name in its escaped form',
      to: [record('192.0.2.1', { Name: '*.example.net' })],
      batch: [upsert(record('192.0.2.2', { Name: '\\052.example.net' }))],
      gives: ['\\052.example.net. A 60 192.0.2.2'],
    },
    {
      does: 'takes TTL 0',
      batch: [create(record('192.0.2.1', { TTL: 0 }))],
      gives: ['home.example.net. A 0 192.0.2.1'],
    },
    {
      does: 'deletes values given in another order',
      to: [record(['192.0.2.1', '192.0.2.2'])],
      batch: [remove(record(['192.0.2.2', '192.0.2.1']))],
      gives: [],
    },
    {
      does: 'deletes and then creates the same record set',
      to: [record('192.0.2.1')],
      batch: [remove(record('192.0.2.1')), create(record('192.0.2.2'))],
      gives: ['home.example.net. A 60 192.0.2.2'],
    },
    {
      does: 'deletes a CNAME and then upserts an address in its place',
      to: [cname],
      batch: [remove(cname), upsert(record('192.0.2.1'))],
      gives: ['home.example.net. A 60 192.0.2.1'],
    },
    {
      does: 'upserts one of several weighted record sets',
      to: [weighted, { ...weighted, SetIdentifier: 'x' }],
      batch: [upsert(record('192.0.2.1', { SetIdentifier: 'x', Weight: 0 }))],
      gives: ['home.example.net. A w 60 192.0.2.9', 'home.example.net. A x 60 192.0.2.1'],
    },
  ]

  it.each(cases)('$does', async ({ to = [], batch, gives }) => {
    const zoneId = await api.createZone()
    if (to.length > 0) await api.change(zoneId, ...to.map(create))
    await api.change(zoneId, ...batch)
    expect(await api.contents(zoneId)).toEqual(gives)
  })

  it.each([
    ['500 UPSERTs', many(500, upsert)],
    ['1,000 CREATEs', many(1000, create)],
    ['32,000 characters', [create(text('a', 16_000)), create(text('b', 16_000))]],
    ['16,000 characters in UPSERTs', [upsert(text('a', 8_000)), upsert(text('b', 8_000))]],
  ])('may hold %s', async (_, batch) => {
    await expect(api.change(await api.createZone(), ...batch)).resolves.toBeUndefined()
  })
})

describe('a refused batch', () => {
  const limit = 'Number of records limit of 1000 exceeded.'
  const characters = 'RDATA character limit of 32000 exceeded.'
  const illegalIPv4 = 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'
  const illegalIPv6 = 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'
  const fatal = (problem: string, value: string) =>
    `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`
  const twice =
    "The request contains an invalid set of changes for a resource record set 'A home.example.net.'"
  const beside = 'RRSet with DNS name home.example.net., type A'

  const cases: { why: string; to?: ResourceRecordSet[]; batch: Change[]; says: string[] }[] = [
    { why: '501 UPSERTs', batch: many(501, upsert), says: [limit] },
    { why: '1,001 CREATEs', batch: many(1001, create), says: [limit] },
    { why: '32,001 characters', batch: [create(text('a', 32_001))], says: [characters] },
    { why: '16,001 characters in an UPSERT', batch: [upsert(text('a', 16_001))], says: [characters] },
    {
      why: 'the same twice',
      batch: [upsert(record('192.0.2.1')), upsert(record('192.0.2.2'))],
      says: [twice],
    },
    {
      why: 'the same twice, written differently',
      batch: [upsert(record('192.0.2.1')), upsert(record('192.0.2.2', { Name: 'HOME.example.net.' }))],
      says: [twice],
    },
    {
      why: 'the same deleted twice',
      to: [record('192.0.2.1')],
      batch: [remove(record('192.0.2.1')), remove(record('192.0.2.1'))],
      says: [twice],
    },
    {
      why: 'a name of another zone',
      batch: [upsert(record('192.0.2.1', { Name: 'home.notexample.net' }))],
      says: ['RRSet with DNS name home.notexample.net. is not permitted in zone example.net.'],
    },
    { why: 'no IPv4 address', batch: [upsert(record('192.0.2'))], says: [fatal(illegalIPv4, '192.0.2')] },
    {
      why: 'an IPv6 address in an A record',
      batch: [upsert(record('2001:db8::1'))],
      says: [fatal(illegalIPv4, '2001:db8::1')],
    },
    {
      why: 'no IPv6 address',
      batch: [upsert(record('2001:db8:::1', { Type: 'AAAA' }))],
      says: [fatal(illegalIPv6, '2001:db8:::1')],
    },
    {
      why: 'an IPv6 address with a scope',
      batch: [upsert(record('fe80::1%eth0', { Type: 'AAAA' }))],
      says: [fatal(illegalIPv6, 'fe80::1%eth0')],
    },
    {
      why: 'an IPv4 address in an AAAA record',
      batch: [upsert(record('192.0.2.1', { Type: 'AAAA' }))],
      says: [fatal(illegalIPv6, '192.0.2.1')],
    },
    {
      why: 'an address beside a CNAME',
      to: [cname],
      batch: [upsert(record('192.0.2.1'))],
      says: [
        'RRSet of type A with DNS name home.example.net. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.net.',
      ],
    },
    {
      why: 'a CNAME beside an address',
      to: [record('192.0.2.1')],
      batch: [create(cname)],
      says: [
        'RRSet of type CNAME with DNS name home.example.net. is not permitted as it conflicts with other records with the same DNS name in zone example.net.',
      ],
    },
    {
      why: 'a CNAME at the apex',
      batch: [create({ ...cname, Name: 'example.net' })],
      says: ['RRSet of type CNAME with DNS name example.net. is not permitted at apex in zone example.net.'],
    },
    {
      why: 'an address before the CNAME is deleted',
      to: [cname],
      batch: [upsert(record('192.0.2.1')), remove(cname)],
      says: [
        'RRSet of type A with DNS name home.example.net. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.net.',
      ],
    },
    ...[weighted, latency, multivalue].map((other) => ({
      why: `a simple record set beside the other: ${oneLine(other)}`,
      to: [other],
      batch: [upsert(record('192.0.2.1'))],
      says: [`${beside} cannot be created as other RRSets exist with the same name and type.`],
    })),
    {
      why: 'a weighted record set beside a simple one',
      to: [record('192.0.2.1')],
      batch: [upsert(weighted)],
      says: [
        `${beside}, SetIdentifier w cannot be created as a non-weighted set exists with the same name and type.`,
      ],
    },
    {
      why: 'a latency record set beside a simple one',
      to: [record('192.0.2.1')],
      batch: [upsert(latency)],
      says: [
        `${beside}, SetIdentifier l, and Region Name=eu-west-1 cannot be created because a non-latency RRSet with the same name and type already exists.`,
      ],
    },
    {
      why: 'a multivalue record set beside a simple one',
      to: [record('192.0.2.1')],
      batch: [upsert(multivalue)],
      says: [
        `${beside}, SetIdentifier m cannot be created because a non multivalue answer rrset exists with the same name and type.`,
      ],
    },
    {
      why: 'a CREATE of what is there',
      to: [record('192.0.2.1')],
      batch: [create(record('192.0.2.2'))],
      says: [
        "Tried to create resource record set [name='home.example.net.', type='A'] but it already exists",
      ],
    },
    {
      why: 'a DELETE of what is not there',
      batch: [remove(record('192.0.2.1'))],
      says: ["Tried to delete resource record set [name='home.example.net.', type='A'] but it was not found"],
    },
    ...[record('192.0.2.2'), record('192.0.2.1', { TTL: 61 })].map((stale) => ({
      why: `a DELETE with stale content: ${oneLine(stale)}`,
      to: [record('192.0.2.1')],
      batch: [remove(stale)],
      says: [
        "Tried to delete resource record set [name='home.example.net.', type='A'] but the values provided do not match the current values",
      ],
    })),
    {
      why: 'a DELETE without the right set identifier',
      to: [weighted],
      batch: [remove({ ...weighted, SetIdentifier: 'other' })],
      says: [
        "Tried to delete resource record set [name='home.example.net.', type='A', set-identifier='other'] but it was not found",
      ],
    },
    {
      why: 'two reasons',
      batch: [upsert(record('one')), upsert(record('two', { Name: 'b.example.net' }))],
      says: [fatal(illegalIPv4, 'one'), fatal(illegalIPv4, 'two')],
    },
  ]

  it.each(cases)('for $why', async ({ to = [], batch, says }) => {
    const zoneId = await api.createZone()
    if (to.length > 0) await api.change(zoneId, ...to.map(create))
    const before = await api.contents(zoneId)
    const bystander = upsert(record('192.0.2.7', { Name: 'bystander.example.net' }))
    await expect(api.change(zoneId, bystander, ...batch)).rejects.toMatchObject({
      name: 'InvalidChangeBatch',
      message: `[${says.join(', ')}]`,
      $metadata: { httpStatusCode: 400 },
    })
    expect(await api.contents(zoneId)).toEqual(before)
  })

  const member = "at 'changeBatch.changes.1.member.resourceRecordSet.tTL' failed to satisfy constraint:"
  const described = 'Change with [Action=UPSERT, Name=home.example.net., Type=A, SetIdentifier='
  it.each([
    [
      'TTL -1',
      record('192.0.2.1', { TTL: -1 }),
      `Value '-1' ${member} Member must have value greater than or equal to 0`,
    ],
    [
      'TTL 2^31',
      record('192.0.2.1', { TTL: 2 ** 31 }),
      `Value '2147483648' ${member} Member must have value less than or equal to 2147483647`,
    ],
    [
      'no TTL',
      { Name: 'home.example.net', Type: 'A' as const, ResourceRecords: [{ Value: '192.0.2.1' }] },
      `Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in ${described}null]`,
    ],
    [
      'an alias with values',
      record('192.0.2.1', alias),
      `Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found more than one in ${described}null]`,
    ],
    [
      'a weight alone',
      record('192.0.2.1', { Weight: 1 }),
      `Missing field 'SetIdentifier' in ${described}null]`,
    ],
    [
      'a set identifier alone',
      record('192.0.2.1', { SetIdentifier: 's' }),
      `Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found none in ${described}s]`,
    ],
  ])('as malformed for %s', async (_, recordSet, says) => {
    await expect(api.change(await api.createZone(), upsert(recordSet))).rejects.toMatchObject({
      name: 'InvalidInput',
      message: expect.stringContaining(says),
      $metadata: { httpStatusCode: 400 },
    })
  })

  it('as malformed without changes', async () => {
    await expect(api.change(await api.createZone())).rejects.toMatchObject({ name: 'InvalidInput' })
  })
})
