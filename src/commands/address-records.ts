import { decide } from '../registrar/record.js'
import type { RecordSet, Zone } from '../route53/api.js'
import { walkRecordSets } from '../route53/list-records.js'
import { spend } from '../route53/rate-limit.js'
import { type Account, explained, groupByZone, listAccountZones, type ZoneHosts } from './account.js'

/** What Route 53 holds at a name for one address family. */
export type AddressRecord = {
  readonly zone: Zone
  /** Canonical host name. */
  readonly name: string
  readonly type: 'A' | 'AAAA'
} & (
  | { readonly kind: 'absent' }
  /** A simple record of one value, as the service makes it. */
  | { readonly kind: 'own'; readonly held: RecordSet }
  /** Anything else, which the service leaves alone; `reason` says what it is. */
  | { readonly kind: 'foreign'; readonly reason: string }
)

/** A record that the service could have made. */
export type OwnRecord = Extract<AddressRecord, { kind: 'own' }>

/** What Route 53 holds for hosts. */
export interface HostRecords {
  /** Two a name, A first; the zones one after the other. */
  readonly records: readonly AddressRecord[]
  /** Hosts that lie in no zone, by what is wrong. */
  readonly zoneless: ReadonlyMap<string, readonly string[]>
}

/** Reads what stands at these names, in whichever of the zones they lie. Throws a CommandError. */
export async function readAddressRecords(
  account: Account,
  names: Iterable<string>,
  zoneIds: readonly string[],
): Promise<HostRecords> {
  const list = await listAccountZones(account, zoneIds)
  const { zones, zoneless } = groupByZone(names, list.zones, zoneIds)
  return { records: await readRecordsIn(account, zones), zoneless }
}

/** The same for names whose zones are known. Throws a CommandError. */
export async function readRecordsIn(
  account: Account,
  zones: readonly ZoneHosts[],
): Promise<readonly AddressRecord[]> {
  const reading = zones.map((hosts) => explained(readZone(account, hosts), 'route53:ListResourceRecordSets'))
  return (await Promise.all(reading)).flat()
}

async function readZone(
  { route53, requests }: Account,
  { zone, names }: ZoneHosts,
): Promise<AddressRecord[]> {
  const byName = new Map<string, readonly RecordSet[]>()
  await walkRecordSets(
    (start, maxItems) => spend(requests, 1, () => route53.listRecordSets(zone.id, start, maxItems)),
    new Set(names),
    [],
    (name, recordSets) => byName.set(name, recordSets),
  )
  return names.flatMap((name) =>
    (['A', 'AAAA'] as const).map((type) => readOne(zone, name, type, byName.get(name) ?? [])),
  )
}

function readOne(
  zone: Zone,
  name: string,
  type: 'A' | 'AAAA',
  recordSets: readonly RecordSet[],
): AddressRecord {
  const decision = decide({ name, type, target: { kind: 'absent' }, ttlSeconds: 0 }, { recordSets })
  if (decision.kind === 'refused') return { zone, name, type, kind: 'foreign', reason: decision.reason }
  const held = decision.kind === 'swap' ? decision.held : undefined
  return held ? { zone, name, type, kind: 'own', held } : { zone, name, type, kind: 'absent' }
}

/** For a person: name, type and value. */
export function describeRecord({ name, type, held }: OwnRecord): string {
  return `${name} ${type} ${held.values.join(' ')}`
}
