import { isWithin } from '../net/hostname.js'
import type { Route53, Zone } from './api.js'
import { spend, type TokenBucket } from './rate-limit.js'

/** The public hosted zones among which those of the hosts are looked for. */
export interface ZoneList {
  readonly zones: readonly Zone[]
  /** Ids that were named outright and belong to no public zone. */
  readonly missing: readonly string[]
}

/** The zone of a name, or `none` with what to do about it. */
export type FoundZone =
  | { readonly kind: 'zone'; readonly zone: Zone }
  | { readonly kind: 'none'; readonly reason: string }

/**
 * The zones that `zoneIds` names, which spares the permission to list them; empty: all public ones of the account.
 * Throws what the SDK throws.
 */
export async function listZones(
  route53: Route53,
  requests: TokenBucket,
  zoneIds: readonly string[],
): Promise<ZoneList> {
  if (zoneIds.length > 0) return getEach(route53, requests, new Set(zoneIds))
  const zones: Zone[] = []
  let marker: string | undefined
  do {
    const page = await spend(requests, 1, () => route53.listZones(marker))
    zones.push(...page.zones)
    marker = page.nextMarker
  } while (marker !== undefined)
  return { zones, missing: [] }
}

/** The zone with the longest name that contains `name`, of those listed for `zoneIds`. */
export function findZone(zones: readonly Zone[], name: string, zoneIds: readonly string[]): FoundZone {
  const [longest, twin] = zones
    .filter((zone) => isWithin(name, zone.name))
    .sort((a, b) => b.name.length - a.name.length)
  if (longest && twin?.name === longest.name) {
    const reason = `two public hosted zones are named ${longest.name} (${longest.id}, ${twin.id}): name the right one in DYNDNS_ZONE_IDS`
    return { kind: 'none', reason }
  }
  if (longest) return { kind: 'zone', zone: longest }
  const isNamed = zoneIds.length > 0
  const where = isNamed ? 'of DYNDNS_ZONE_IDS' : 'of this AWS account'
  const advice = `${isNamed ? 'name the zone there, ' : ''}create the zone or correct the host name`
  return { kind: 'none', reason: `no public hosted zone ${where} contains ${name}: ${advice}` }
}

async function getEach(
  route53: Route53,
  requests: TokenBucket,
  zoneIds: ReadonlySet<string>,
): Promise<ZoneList> {
  const zones: Zone[] = []
  const missing: string[] = []
  for (const id of zoneIds) {
    const zone = await spend(requests, 1, () => route53.getZone(id)).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NoSuchHostedZone') return undefined
      throw error
    })
    if (zone) zones.push(zone)
    else missing.push(id)
  }
  return { zones, missing }
}
