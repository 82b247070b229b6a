// Zones, lists and changes as the real SDK sees them. Runs against other implementations too: see connect.
import {
  ChangeResourceRecordSetsCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameCommandInput,
  ListHostedZonesCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, create, many, record, type TestApi, upsert } from './route53/test-client.js'

let api: TestApi

beforeAll(async () => {
  api = await connect()
})

afterAll(() => api.close())

describe('the list of record sets', () => {
  const names = ['b', 'a.b', '*', 'a-b', 'a', '_x', '1', 'x.a'].map((label) => `${label}.example.net`)
  const types = [
    record('192.0.2.1', { Name: 'example.net' }),
    record('2001:db8::1', { Name: 'a.example.net', Type: 'AAAA' }),
    record('"t"', { Name: 'a.example.net', Type: 'TXT' }),
    record('192.0.2.9', { Name: 'w.example.net', SetIdentifier: '2', Weight: 10 }),
    record('192.0.2.9', { Name: 'w.example.net', SetIdentifier: '1', Weight: 10 }),
  ]
  const sorted = [
    'example.net. A',
    'example.net. NS',
    'example.net. SOA',
    '\\052.example.net. A',
    '1.example.net. A',
    '_x.example.net. A',
    'a-b.example.net. A',
    'a.example.net. A',
    'a.example.net. AAAA',
    'a.example.net. TXT',
    'x.a.example.net. A',
    'b.example.net. A',
    'a.b.example.net. A',
    'w.example.net. A 1',
    'w.example.net. A 2',
  ]
  const short = ({ Name, Type, SetIdentifier }: ResourceRecordSet) =>
    [Name, Type, SetIdentifier].filter((part) => part !== undefined).join(' ')
  let zoneId = ''

  beforeAll(async () => {
    zoneId = await api.createZone()
    await api.change(zoneId, ...[...names.map((Name) => record('192.0.2.1', { Name })), ...types].map(create))
  })

  it('is sorted by reversed labels, type and identifier', async () => {
    const { ResourceRecordSets = [], IsTruncated, NextRecordName } = await api.list(zoneId)
    expect(ResourceRecordSets.map(short)).toEqual(sorted)
    expect({ IsTruncated, NextRecordName }).toEqual({ IsTruncated: false, NextRecordName: undefined })
  })

  it.each([1, 2, 4, 14, 15])('comes in pages of %i', async (MaxItems) => {
    const found: string[] = []
    let start: Partial<ListResourceRecordSetsCommandInput> = {}
    for (let isTruncated = true; isTruncated && found.length <= sorted.length; ) {
      const page = await api.list(zoneId, { ...start, MaxItems })
      found.push(...(page.ResourceRecordSets ?? []).map(short))
      isTruncated = page.IsTruncated ?? false
      start = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      }
    }
    expect(found).toEqual(sorted)
  })

  it.each([
    ['a name', { StartRecordName: 'a.example.net' }, 'a.example.net. A'],
    ['a name in capitals', { StartRecordName: 'A.EXAMPLE.NET.' }, 'a.example.net. A'],
    ['a wildcard', { StartRecordName: '*.example.net' }, '\\052.example.net. A'],
    ['an escaped wildcard', { StartRecordName: '\\052.example.net' }, '\\052.example.net. A'],
    ['a name that is not there', { StartRecordName: 'aa.example.net' }, 'b.example.net. A'],
    ['a type', { StartRecordName: 'a.example.net', StartRecordType: 'MX' as const }, 'a.example.net. TXT'],
    [
      'a type past the last',
      { StartRecordName: 'b.example.net', StartRecordType: 'TXT' as const },
      'a.b.example.net. A',
    ],
    [
      'an identifier',
      { StartRecordName: 'w.example.net', StartRecordType: 'A' as const, StartRecordIdentifier: '2' },
      'w.example.net. A 2',
    ],
  ])('starts at %s', async (_, start, first) => {
    const { ResourceRecordSets = [] } = await api.list(zoneId, start)
    expect(ResourceRecordSets.map(short)).toEqual(sorted.slice(sorted.indexOf(first)))
  })

  it('ends at the end of the zone', async () => {
    const { ResourceRecordSets, IsTruncated } = await api.list(zoneId, { StartRecordName: 'zz.example.net' })
    expect({ ResourceRecordSets, IsTruncated }).toEqual({ ResourceRecordSets: [], IsTruncated: false })
  })

  it('cannot start at a type without a name', async () => {
    await expect(api.list(zoneId, { StartRecordType: 'A' })).rejects.toMatchObject({ name: 'InvalidInput' })
  })

  it('has at most 300 record sets in a page', async () => {
    const id = await api.createZone()
    await api.change(id, ...many(400, create))
    const { ResourceRecordSets, IsTruncated } = await api.list(id, { MaxItems: 1000 })
    expect([ResourceRecordSets?.length, IsTruncated]).toEqual([300, true])
  })
})

describe('hosted zones', () => {
  it('come in pages of at most 100', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `z${index}.example.org`)
    const ids = await Promise.all(names.map((name) => api.createZone(name)))
    const found: (string | undefined)[] = []
    let Marker: string | undefined
    do {
      const page = await api.client.send(new ListHostedZonesCommand({ Marker, MaxItems: 1000 }))
      expect(page.HostedZones?.length).toBeLessThanOrEqual(100)
      found.push(...(page.HostedZones ?? []).map(({ Id }) => Id))
      Marker = page.IsTruncated ? page.NextMarker : undefined
    } while (Marker)
    expect(found).toEqual(expect.arrayContaining(ids.map((id) => `/hostedzone/${id}`)))
    expect(new Set(found).size).toBe(found.length)
  })

  it('by name start at a name, there or not, and are sorted by reversed labels', async () => {
    for (const label of ['b.by-name', 'by-name', 'by-name-', 'a.b.by-name', 'c.by-name']) {
      await api.createZone(`${label}.com`)
    }
    const names = async (DNSName: string, MaxItems: number) => {
      const page = await api.client.send(new ListHostedZonesByNameCommand({ DNSName, MaxItems }))
      return page.HostedZones?.map(({ Name }) => Name)
    }
    expect(await names('by-name-.com', 5)).toEqual([
      'by-name-.com.',
      'by-name.com.',
      'b.by-name.com.',
      'a.b.by-name.com.',
      'c.by-name.com.',
    ])
    expect(await names('aa.by-name.com', 1)).toEqual(['b.by-name.com.'])
    expect(await names('C.by-name.com.', 1)).toEqual(['c.by-name.com.'])
  })

  it('by name come in pages', async () => {
    const ids = [1, 2, 3].map(() => api.createZone('same.example.info'))
    const expected = (await Promise.all(ids)).map((id) => `/hostedzone/${id}`)
    const found: (string | undefined)[] = []
    let start: ListHostedZonesByNameCommandInput = { DNSName: 'same.example.info' }
    for (const _ of expected) {
      const page = await api.client.send(new ListHostedZonesByNameCommand({ ...start, MaxItems: 1 }))
      found.push(...(page.HostedZones ?? []).map(({ Id }) => Id))
      start = { DNSName: page.NextDNSName, HostedZoneId: page.NextHostedZoneId }
    }
    expect(found.sort()).toEqual(expected.sort())
  })

  it('are born with NS and SOA, public, and named in lower case', async () => {
    const id = await api.createZone('Born.Example.COM')
    const { HostedZone: zone, DelegationSet } = await api.client.send(new GetHostedZoneCommand({ Id: id }))
    expect(zone).toMatchObject({ Name: 'born.example.com.', ResourceRecordSetCount: 2 })
    expect(zone?.Config?.PrivateZone).toBe(false)
    expect(zone?.Id).toMatch(/^\/hostedzone\/Z[A-Z0-9]+$/)
    expect(DelegationSet?.NameServers).toHaveLength(4)
    const { ResourceRecordSets } = await api.list(id)
    expect(ResourceRecordSets?.map(({ Type }) => Type)).toEqual(['NS', 'SOA'])
  })

  it('that are gone or never were refuse every call', async () => {
    const id = await api.createZone()
    await api.client.send(new DeleteHostedZoneCommand({ Id: id }))
    for (const call of [
      () => api.list(id),
      () => api.change(id, upsert(record('192.0.2.1'))),
      () => api.client.send(new GetHostedZoneCommand({ Id: id })),
      () => api.client.send(new DeleteHostedZoneCommand({ Id: id })),
    ]) {
      await expect(call()).rejects.toMatchObject({
        name: 'NoSuchHostedZone',
        message: `No hosted zone found with ID: ${id}`,
        $metadata: { httpStatusCode: 404 },
      })
    }
  })

  it('are not deleted while they hold records', async () => {
    const id = await api.createZone()
    await api.change(id, create(record('192.0.2.1')))
    await expect(api.client.send(new DeleteHostedZoneCommand({ Id: id }))).rejects.toMatchObject({
      name: 'HostedZoneNotEmpty',
    })
  })
})

describe('changes', () => {
  it('are found by their id', async () => {
    const HostedZoneId = await api.createZone()
    const ChangeBatch = { Comment: 'a <comment> & more', Changes: [create(record('192.0.2.1'))] }
    const { ChangeInfo } = await api.client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch }),
    )
    expect(ChangeInfo?.Id).toMatch(/^\/change\/C[A-Z0-9]+$/)
    expect(ChangeInfo?.Comment).toBe('a <comment> & more')
    const { ChangeInfo: found } = await api.client.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))
    expect(found).toMatchObject({
      Id: ChangeInfo?.Id,
      Status: expect.stringMatching(/^(PENDING|INSYNC)$/),
      SubmittedAt: ChangeInfo?.SubmittedAt,
    })
  })

  it('that never were are not', async () => {
    await expect(api.client.send(new GetChangeCommand({ Id: 'C0NEVER' }))).rejects.toMatchObject({
      name: 'NoSuchChange',
      $metadata: { httpStatusCode: 404 },
    })
  })
})
