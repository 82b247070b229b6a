import type { ResourceRecordSet, Route53 as Route53Client } from '@aws-sdk/client-route-53'
import { CallError } from './errors.js'

/** A public hosted zone. */
export interface Zone {
  /** Without the `/hostedzone/` prefix. */
  readonly id: string
  /** Canonical domain name, no trailing dot. */
  readonly name: string
}

/** One record set as Route 53 holds it, its name in canonical spelling. */
export interface RecordSet {
  readonly name: string
  readonly type: string
  readonly ttlSeconds?: number
  /** Empty for an alias. */
  readonly values: readonly string[]
  /** Present where the set is more than a simple record: says what it is, for a person. */
  readonly foreign?: string
}

/** The types of the records that this service writes. */
export type RecordType = 'A' | 'AAAA' | 'TXT'

/** One change of a batch; a DELETE must name the record set exactly as it is held. */
export interface RecordChange {
  readonly action: 'CREATE' | 'DELETE'
  readonly name: string
  readonly type: RecordType
  readonly ttlSeconds: number
  /** At least one. */
  readonly values: readonly string[]
}

/** A place in a zone's list of record sets. */
export interface Cursor {
  readonly name: string
  readonly type?: string
  readonly setIdentifier?: string
}

/** One page of a zone's record sets, in Route 53's order; `next` is absent on the last page. */
export interface Page {
  readonly recordSets: readonly RecordSet[]
  readonly next?: Cursor
}

/** The calls that the service makes to Route 53, one request each. All throw a CallError. */
export interface Route53 {
  /** Public zones among at most 100, and the marker of the next page. */
  listZones(marker?: string): Promise<{ zones: Zone[]; nextMarker?: string }>
  /** The zone with this id, undefined when it is private. */
  getZone(id: string): Promise<Zone | undefined>
  listRecordSets(zoneId: string, start: Cursor, maxItems: number): Promise<Page>
  /** Makes all changes, judged in order, in one transaction; returns the change id. */
  change(zoneId: string, changes: readonly RecordChange[]): Promise<string>
}

/** Route 53 through the AWS SDK; each call is given up after `timeoutMs`. */
export function createRoute53(client: Route53Client, timeoutMs: number): Route53 {
  const options = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) })
  return {
    async listZones(marker) {
      const answer = await client.listHostedZones({ Marker: marker }, options()).catch(throwCallError)
      const page = answered(answer, 'HostedZones')
      const zones = (page.HostedZones ?? [])
        .filter((zone) => zone.Config?.PrivateZone !== true)
        .map((zone) => ({ id: bareZoneId(zone.Id ?? ''), name: canonicalName(zone.Name ?? '') }))
      return page.IsTruncated && page.NextMarker ? { zones, nextMarker: page.NextMarker } : { zones }
    },
    async getZone(id) {
      const answer = await client.getHostedZone({ Id: id }, options()).catch(throwCallError)
      const { HostedZone: zone } = answered(answer, 'HostedZone')
      if (!zone || zone.Config?.PrivateZone) return undefined
      return { id, name: canonicalName(zone.Name ?? '') }
    },
    async listRecordSets(zoneId, start, maxItems) {
      const asked = {
        HostedZoneId: zoneId,
        StartRecordName: start.name,
        StartRecordType: start.type as ResourceRecordSet['Type'],
        StartRecordIdentifier: start.setIdentifier,
        MaxItems: maxItems,
      }
      const answer = await client.listResourceRecordSets(asked, options()).catch(throwCallError)
      const page = answered(answer, 'ResourceRecordSets')
      const recordSets = (page.ResourceRecordSets ?? []).map(readRecordSet)
      if (!page.IsTruncated || !page.NextRecordName) return { recordSets }
      const next: Cursor = {
        name: canonicalName(page.NextRecordName),
        ...(page.NextRecordType && { type: page.NextRecordType }),
        ...(page.NextRecordIdentifier && { setIdentifier: page.NextRecordIdentifier }),
      }
      return { recordSets, next }
    },
    async change(zoneId, changes) {
      const sdkChanges = changes.map(({ action, name, type, ttlSeconds, values }) => ({
        Action: action,
        ResourceRecordSet: {
          Name: name,
          Type: type,
          TTL: ttlSeconds,
          ResourceRecords: values.map((value) => ({ Value: value })),
        },
      }))
      const batch = { HostedZoneId: zoneId, ChangeBatch: { Changes: sdkChanges } }
      const answer = await client.changeResourceRecordSets(batch, options()).catch(throwCallError)
      const { ChangeInfo: info } = answered(answer, 'ChangeInfo')
      return (info?.Id ?? '').replace(/^\/change\//, '')
    },
  }
}

/** The name servers that Route 53 has given a zone, in canonical spelling. Throws a CallError. */
export async function readNameServers(
  client: Route53Client,
  zoneId: string,
  timeoutMs: number,
): Promise<string[]> {
  const options = { abortSignal: AbortSignal.timeout(timeoutMs) }
  const { DelegationSet: set } = await client.getHostedZone({ Id: zoneId }, options).catch(throwCallError)
  return (set?.NameServers ?? []).map(canonicalName)
}

/** The answer, if it has what every answer of Route 53 to this call has: a proxy, or a wrong endpoint, may answer 200 too. */
function answered<Answer extends object>(answer: Answer, part: keyof Answer): Answer {
  if (answer[part] !== undefined) return answer
  const advice = 'check AWS_ENDPOINT_URL_ROUTE_53 and whatever is between this machine and AWS'
  throw new CallError(new NotRoute53(`what answered with success is no Route 53: ${advice}`))
}

class NotRoute53 extends Error {
  override readonly name = 'NotRoute53'
}

function throwCallError(thrown: unknown): never {
  throw new CallError(thrown)
}

/** The id without the `/hostedzone/` that ListHostedZones puts before it. */
export function bareZoneId(id: string): string {
  return id.replace(/^\/hostedzone\//, '')
}

/**
 * Undoes Route 53's spelling of names: octal escapes (`\052` is `*`; a dot inside a label stays escaped), the trailing
 * dot, and any upper case.
 */
export function canonicalName(name: string): string {
  return name
    .replace(/\\([0-7]{3})/g, (escaped, octal: string) =>
      octal === '056' ? escaped : String.fromCharCode(Number.parseInt(octal, 8)),
    )
    .replace(/\.$/, '')
    .toLowerCase()
}

function readRecordSet(set: ResourceRecordSet): RecordSet {
  const foreign = foreignKind(set)
  return {
    name: canonicalName(set.Name ?? ''),
    type: set.Type ?? '',
    values: (set.ResourceRecords ?? []).map((record) => record.Value ?? ''),
    ...(set.TTL !== undefined && { ttlSeconds: set.TTL }),
    ...(foreign !== undefined && { foreign }),
  }
}

function foreignKind(set: ResourceRecordSet): string | undefined {
  if (set.SetIdentifier !== undefined) return `a member of a routing policy, set "${set.SetIdentifier}"`
  if (set.AliasTarget) return `an alias of ${set.AliasTarget.DNSName}`
  if (set.TrafficPolicyInstanceId !== undefined) return 'a record of a traffic policy'
  return undefined
}
