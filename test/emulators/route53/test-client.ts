import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  Route53,
  type Route53Client,
} from '@aws-sdk/client-route-53'
import { startRoute53Emulator } from '../../../emulators/route53/server.js'

/** The real SDK client on this endpoint, with a made-up secret and without retries. */
export function createTestClient(endpoint: string, accessKeyId = 'AKIAEMULATED'): Route53 {
  const credentials = { accessKeyId, secretAccessKey: 'made-up' }
  return new Route53({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** The API through the SDK, in the short words that the tests use. Errors are those of the SDK. */
export interface TestApi {
  client: Route53Client
  /** Creates a zone, by default example.net, and returns its id; one name may be used for many zones. */
  createZone(name?: string): Promise<string>
  change(zoneId: string, ...changes: Change[]): Promise<void>
  list(
    zoneId: string,
    start?: Partial<ListResourceRecordSetsCommandInput>,
  ): Promise<ListResourceRecordSetsCommandOutput>
  /** What the zone holds besides its NS and SOA, up to one page: a line for each record set, as `oneLine` writes it. */
  contents(zoneId: string): Promise<string[]>
  close(): Promise<void>
}

/**
 * The API of a new emulator or, with TEST_ROUTE53_ENDPOINT in the environment, of another implementation on that
 * URL (never of AWS itself: the zones are not deleted).
 */
export async function connect(): Promise<TestApi> {
  const endpoint = process.env['TEST_ROUTE53_ENDPOINT']
  if (endpoint !== undefined) return createTestApi(createTestClient(endpoint))
  const emulator = await startRoute53Emulator()
  return createTestApi(createTestClient(emulator.url), () => emulator.close())
}

/** The short words for this client; `closeServer` is called by `close`. */
export function createTestApi(client: Route53Client, closeServer = async () => {}): TestApi {
  let zones = 0
  const api: TestApi = {
    client,
    async createZone(Name = 'example.net') {
      zones += 1
      const CallerReference = `${process.pid}-${Date.now()}-${zones}`
      const { HostedZone: zone } = await client.send(new CreateHostedZoneCommand({ Name, CallerReference }))
      return zone?.Id?.replace('/hostedzone/', '') ?? ''
    },
    async change(HostedZoneId, ...Changes) {
      await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }))
    },
    list: (HostedZoneId, start = {}) =>
      client.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...start })),
    async contents(zoneId) {
      const { ResourceRecordSets = [] } = await api.list(zoneId)
      return ResourceRecordSets.filter(({ Type }) => Type !== 'NS' && Type !== 'SOA').map(oneLine)
    },
    async close() {
      client.destroy()
      await closeServer()
    },
  }
  return api
}

/** A record set on one line: name, type, identifier and TTL if any, values or alias target. */
export function oneLine(recordSet: ResourceRecordSet): string {
  const { Name, Type, TTL, SetIdentifier, ResourceRecords, AliasTarget } = recordSet
  const values = ResourceRecords?.map(({ Value }) => Value) ?? ['->', AliasTarget?.DNSName]
  return [Name, Type, SetIdentifier, TTL, ...values].filter((part) => part !== undefined).join(' ')
}

/** An A record set of home.example.net with TTL 60, unless `more` says otherwise. */
export function record(value: string | string[], more: Partial<ResourceRecordSet> = {}): ResourceRecordSet {
  const ResourceRecords = [value].flat().map((Value) => ({ Value }))
  return { Name: 'home.example.net', Type: 'A', TTL: 60, ResourceRecords, ...more }
}

const changeWith = (Action: ChangeAction) => (ResourceRecordSet: ResourceRecordSet) => ({
  Action,
  ResourceRecordSet,
})

/** A CREATE of this record set. */
export const create = changeWith('CREATE')
/** An UPSERT of this record set. */
export const upsert = changeWith('UPSERT')
/** A DELETE of this record set. */
export const remove = changeWith('DELETE')

/** As many changes, each to its own name h0.example.net, h1.example.net, … */
export function many(count: number, change: (recordSet: ResourceRecordSet) => Change): Change[] {
  return Array.from({ length: count }, (_, index) =>
    change(record('192.0.2.1', { Name: `h${index}.example.net` })),
  )
}
