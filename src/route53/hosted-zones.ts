import type { Logger } from 'pino'
import { addTo } from '../multimap.js'
import type { Clock } from '../net/clock.js'
import type { Route53, Zone } from './api.js'
import { faultOf } from './errors.js'
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

/** What is known of a name's zone; `unknown` while the list must first be asked for. */
export type ZoneLookup = FoundZone | { readonly kind: 'unknown' }

/** The account's public hosted zones, as last listed. */
export interface HostedZones {
  /** The zone with the longest name that contains `name`; never asks Route 53. */
  find(name: string): ZoneLookup
  /** Whether it is time to list the zones anew although nothing is missing: a longer one may have been created. */
  isOld(): boolean
  /** Lists the zones anew; returns those that the last list had not. Throws a CallError and then keeps the old list. */
  refresh(): Promise<readonly Zone[]>
  /** Route 53 said that this zone is gone: names in it are `unknown` until the next refresh. */
  invalidate(zone: Zone): void
}

/** The list is asked for anew after this time, and for a name that no zone contains no more often. */
const listAgeMs = 5 * 60_000

/** `zoneIds` names the zones outright and spares the permission to list them; empty: all of the account. */
export function createHostedZones(
  route53: Route53,
  requests: TokenBucket,
  clock: Clock,
  log: Logger,
  zoneIds: readonly string[],
): HostedZones {
  // Owned by this closure; `zones` is swapped whole by refresh and `gone` emptied. The account's number of zones bounds both.
  let zones: ZoneIndex = indexZones([])
  let listedAtMs = Number.NEGATIVE_INFINITY
  let askedAtMs = Number.NEGATIVE_INFINITY
  const gone = new Set<string>()

  return {
    find(name) {
      const found = findZone(zones, name, zoneIds)
      if (found.kind === 'zone') return gone.has(found.zone.name) ? { kind: 'unknown' } : found
      const isListOld = clock.now() - listedAtMs >= listAgeMs
      return isListOld || gone.size > 0 ? { kind: 'unknown' } : found
    },
    isOld: () => zoneIds.length === 0 && clock.now() - askedAtMs >= listAgeMs,
    async refresh() {
      askedAtMs = clock.now()
      const list = await listZones(route53, requests, zoneIds)
      const known = new Set([...zones.values()].flat().map(({ id }) => id))
      zones = indexZones(list.zones)
      listedAtMs = clock.now()
      gone.clear()
      for (const id of list.missing) {
        log.error(
          { zoneId: id },
          'DYNDNS_ZONE_IDS names a zone that is private or does not exist: correct it',
        )
      }
      const added = list.zones.filter(({ id }) => !known.has(id))
      if (added.length > 0 || known.size === 0) log.info({ zones: list.zones.length }, 'hosted zones listed')
      return added
    },
    invalidate: (zone) => void gone.add(zone.name),
  }
}

/**
 * The zones that `zoneIds` names, which spares the permission to list them; empty: all public ones of the account.
 * Throws a CallError.
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

async function getEach(
  route53: Route53,
  requests: TokenBucket,
  zoneIds: ReadonlySet<string>,
): Promise<ZoneList> {
  const zones: Zone[] = []
  const missing: string[] = []
  for (const id of zoneIds) {
    const zone = await spend(requests, 1, () => route53.getZone(id)).catch((error: unknown) => {
      if (faultOf(error).kind === 'zone-gone') return undefined
      throw error
    })
    if (zone) zones.push(zone)
    else missing.push(id)
  }
  return { zones, missing }
}

/** Zones by their names; more than one where several have the same. */
export type ZoneIndex = ReadonlyMap<string, readonly Zone[]>

/** Zones to be found by name. */
export function indexZones(zones: readonly Zone[]): ZoneIndex {
  const index = new Map<string, Zone[]>()
  for (const zone of zones) addTo(index, zone.name, zone)
  return index
}

/** The zone with the longest name that contains `name`, of those listed for `zoneIds`. */
export function findZone(index: ZoneIndex, name: string, zoneIds: readonly string[]): FoundZone {
  for (let domain = name; domain !== ''; domain = parentDomain(domain)) {
    const [zone, duplicate] = index.get(domain) ?? []
    if (zone && duplicate) {
      const reason = `two public hosted zones are named ${domain} (${zone.id}, ${duplicate.id}): name the right one in DYNDNS_ZONE_IDS`
      return { kind: 'none', reason }
    }
    if (zone) return { kind: 'zone', zone }
  }
  const isNamed = zoneIds.length > 0
  const where = isNamed ? 'of DYNDNS_ZONE_IDS' : 'of this AWS account'
  const advice = `${isNamed ? 'name the zone there, ' : ''}create the zone or correct the host name`
  return { kind: 'none', reason: `no public hosted zone ${where} contains ${name}: ${advice}` }
}

/** The domain right above this one; empty above a top-level domain. */
function parentDomain(domain: string): string {
  const dot = domain.indexOf('.')
  return dot < 0 ? '' : domain.slice(dot + 1)
}
