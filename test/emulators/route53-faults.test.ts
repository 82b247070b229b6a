// What only the emulator offers over the wire: faults, admission, the old error form, latency, starting again.
import { GetHostedZoneCommand, ListHostedZonesCommand } from '@aws-sdk/client-route-53'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Fault } from '../../emulators/faults.js'
import type { Call } from '../../emulators/route53/calls.js'
import { type Route53Emulator, startRoute53Emulator } from '../../emulators/route53/server.js'
import type { Zone } from '../../emulators/route53/zone.js'
import { createTestApi, createTestClient, record, type TestApi, upsert } from './route53/test-client.js'

let emulator: Route53Emulator
let zone: Zone
let api: TestApi

beforeEach(async () => {
  emulator = await startRoute53Emulator()
  zone = emulator.model.addZone({ name: 'example.net', id: 'Z1' })
  api = createTestApi(createTestClient(emulator.url), () => emulator.close())
})

afterEach(() => api.close())

const write = (value = '192.0.2.1') => api.change('Z1', upsert(record(value)))
const held = () => zone.get('home.example.net', 'A').flatMap(({ values }) => values)

describe('a fault', () => {
  const unavailable = {
    kind: 'refuse',
    status: 503,
    code: 'ServiceUnavailable',
    message: 'Try again',
  } as const
  const cases: { fault: Fault<Call>; error: object; applied: string[]; outcome: string }[] = [
    {
      fault: unavailable,
      error: { name: 'ServiceUnavailable', message: 'Try again', $metadata: { httpStatusCode: 503 } },
      applied: [],
      outcome: 'ServiceUnavailable',
    },
    {
      fault: { kind: 'throttle' },
      error: { name: 'Throttling', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } },
      applied: [],
      outcome: 'Throttling',
    },
    { fault: { kind: 'reset' }, error: { code: 'ECONNRESET' }, applied: [], outcome: 'reset' },
    {
      fault: { kind: 'apply-then-reset' },
      error: { code: 'ECONNRESET' },
      applied: ['192.0.2.1'],
      outcome: 'ok',
    },
    {
      fault: { kind: 'raw', status: 502, body: '<html>Bad gateway</html>' },
      error: { $metadata: { httpStatusCode: 502 } },
      applied: [],
      outcome: 'raw',
    },
    {
      fault: { kind: 'raw', status: 200, body: '<ChangeResourceRecordSetsResponse><ChangeIn' },
      error: { message: expect.stringContaining('parse') },
      applied: [],
      outcome: 'raw',
    },
  ]

  it.each(cases)('of kind $fault.kind, logged as $outcome', async ({ fault, error, applied, outcome }) => {
    emulator.inject(fault)
    await expect(write()).rejects.toMatchObject(error)
    expect(held()).toEqual(applied)
    expect(emulator.model.log.calls).toMatchObject([{ action: 'ChangeResourceRecordSets', outcome }])
    await write('192.0.2.2')
    expect(held()).toEqual(['192.0.2.2'])
  })

  it.each([
    { kind: 'stall', applied: [], outcome: 'stall' } as const,
    { kind: 'apply-then-stall', applied: ['192.0.2.1'], outcome: 'ok' } as const,
  ])('of kind $kind never answers', async ({ kind, applied, outcome }) => {
    emulator.inject({ kind })
    const lost = expect(write()).rejects.toMatchObject({ code: 'ECONNRESET' })
    await vi.waitFor(() => expect(emulator.model.log.calls).toMatchObject([{ outcome }]))
    expect(held()).toEqual(applied)
    await emulator.close()
    await lost
  })

  it('of kind delay only takes its time', async () => {
    emulator.inject({ kind: 'delay', ms: 1 })
    await write()
    expect(held()).toEqual(['192.0.2.1'])
  })

  it('hits the calls it is meant for, as often as it should', async () => {
    emulator.inject({ ...unavailable, times: 2, on: ({ action }) => action === 'ChangeResourceRecordSets' })
    emulator.inject({
      kind: 'throttle',
      on: (call) =>
        call.action === 'ChangeResourceRecordSets' &&
        call.changes.some(({ recordSet }) => recordSet.name === 'home.example.net.'),
    })
    await api.list('Z1')
    for (const name of ['ServiceUnavailable', 'ServiceUnavailable', 'Throttling']) {
      await expect(write()).rejects.toMatchObject({ name })
    }
    await write()
  })

  it('lasts for good with times: Infinity, until it is taken back', async () => {
    const takeBack = emulator.inject({ kind: 'throttle', times: Number.POSITIVE_INFINITY })
    for (let count = 0; count < 3; count += 1) await expect(write()).rejects.toThrow('Rate exceeded')
    takeBack()
    await write()
    expect(emulator.model.log.statistics()).toMatchObject({ writes: 4, throttled: 3 })
  })
})

describe('two changes of a zone at once', () => {
  it('are one too many', async () => {
    emulator.latencyMs = 600_000
    const lost = expect(write('192.0.2.1')).rejects.toMatchObject({ code: 'ECONNRESET' })
    await vi.waitFor(() => expect(emulator.model.log.calls).toMatchObject([{ outcome: 'in flight' }]))
    emulator.latencyMs = 0
    await expect(write('192.0.2.2')).rejects.toMatchObject({
      name: 'PriorRequestNotComplete',
      message: 'The request was rejected because Route 53 was still processing a prior request.',
      $metadata: { httpStatusCode: 400 },
    })
    expect(emulator.model.log.statistics('Z1').maxChangesInFlight).toBe(2)
    await emulator.close()
    await lost
  })

  it('also when the first is that of another tool', async () => {
    const release = emulator.model.hold('Z1')
    await expect(write()).rejects.toMatchObject({ name: 'PriorRequestNotComplete' })
    release()
    await write()
  })
})

it('refuses what the policy does not allow', async () => {
  emulator.allow = (call) => call.action === 'ChangeResourceRecordSets'
  await expect(api.list('Z1')).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(
      'route53:ListResourceRecordSets on resource: arn:aws:route53:::hostedzone/Z1',
    ),
    $metadata: { httpStatusCode: 403 },
  })
  await expect(api.client.send(new ListHostedZonesCommand())).rejects.toMatchObject({ name: 'AccessDenied' })
  expect(emulator.model.log.calls).toMatchObject([{ outcome: 'AccessDenied' }, { outcome: 'AccessDenied' }])
  await write()
})

it('lets in one access key, when it is told to', async () => {
  emulator.accessKeyId = 'AKIAEMULATED'
  await write()
  const stranger = createTestClient(emulator.url, 'AKIASTRANGER')
  await expect(stranger.send(new GetHostedZoneCommand({ Id: 'Z1' }))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
    $metadata: { httpStatusCode: 403 },
  })
  stranger.destroy()
  const unsigned = await fetch(`${emulator.url}/2013-04-01/hostedzone`)
  expect(unsigned.status).toBe(403)
  expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>')
})

it('writes InvalidChangeBatch in the form of older documentation, which the SDK does not know', async () => {
  emulator.invalidChangeBatchForm = 'InvalidChangeBatch'
  const Message = expect.stringContaining('ARRDATAIllegalIPv4Address')
  await expect(write('nonsense')).rejects.toMatchObject({ name: 'Unknown', Messages: { Message } })
  const moved = upsert(record('192.0.2.1', { Name: 'example.org' }))
  await expect(api.change('Z1', upsert(record('nonsense')), moved)).rejects.toMatchObject({
    Messages: {
      Message: [Message, 'RRSet with DNS name example.org. is not permitted in zone example.net.'],
    },
  })
})

it('comes back on the same port with the same account', async () => {
  const { port, model } = emulator
  await write()
  await emulator.close()
  await vi.waitFor(() => expect(write()).rejects.toMatchObject({ code: 'ECONNREFUSED' }))
  emulator = await startRoute53Emulator({ port, model })
  await write('192.0.2.2')
  expect(held()).toEqual(['192.0.2.2'])
})

it('shows a private zone as such', async () => {
  emulator.model.addZone({ name: 'example.net', private: true, comment: 'at <home>' })
  const { HostedZones } = await api.client.send(new ListHostedZonesCommand())
  const configs = HostedZones?.map(({ Config }) => Config)
  expect(configs).toEqual([{ PrivateZone: true, Comment: 'at <home>' }, { PrivateZone: false }])
})

describe('a request that is no call', () => {
  const path = '/2013-04-01/hostedzone/Z1/rrset'
  const withRecordSet = (recordSet: string) =>
    `<ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>UPSERT</Action>` +
    `<ResourceRecordSet>${recordSet}</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`

  it.each([
    ['broken XML', path, '<ChangeResourceRecordSetsRequest>', 400, 'InvalidInput'],
    ['another document', path, '<CreateHostedZoneRequest/>', 400, 'InvalidInput'],
    ['a missing element', path, withRecordSet('<Type>A</Type>'), 400, 'InvalidInput'],
    ['what is not emulated', path, withRecordSet('<Failover>PRIMARY</Failover>'), 501, 'NotImplemented'],
    ['an unknown path', '/2013-04-01/healthcheck', '', 501, 'NotImplemented'],
  ])('is refused: %s', async (_, at, body, status, code) => {
    const response = await fetch(emulator.url + at, { method: 'POST', body })
    expect(response.status).toBe(status)
    expect(await response.text()).toContain(`<Code>${code}</Code>`)
    expect(emulator.model.log.calls).toEqual([])
  })

  it('is refused: pages of nothing', async () => {
    const response = await fetch(`${emulator.url}/2013-04-01/hostedzone?maxitems=0`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('<Code>InvalidInput</Code>')
  })

  it('but a trailing slash, as older SDKs send it, is no matter', async () => {
    const body = withRecordSet(
      '<Name>home.example.net</Name><Type>A</Type><TTL>60</TTL>' +
        '<ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>',
    )
    expect((await fetch(`${emulator.url}${path}/`, { method: 'POST', body })).status).toBe(200)
    expect(held()).toEqual(['192.0.2.1'])
  })
})
