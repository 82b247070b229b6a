import type { Logger } from 'pino'
import type { Clock } from '../net/clock.js'
import { isWithin } from '../net/hostname.js'
import type { Route53, Zone } from './api.js'
import type { TokenBucket } from './rate-limit.js'
import { type FoundZone, findZone, listZones } from './zone-list.js'

/** What is known of a name's zone; `unknown` while the list must first be asked for. */
export type ZoneLookup = FoundZone | { readonly kind: 'unknown' }

/** The account's public hosted zones, as last listed. */
export interface Zones {
  /** The zone with the longest name that contains `name`; never asks Route 53. */
  find(name: string): ZoneLookup
  /** Lists the zones anew; throws what the SDK throws and then keeps the old list. */
  refresh(): Promise<void>
  /** Route 53 said that this zone is gone: names in it are `unknown` until the next refresh. */
  invalidate(zone: Zone): void
}

/** A name that no zone contains asks for a new list no more often than this. */
const refreshOnMissMs = 5 * 60_000

/** `zoneIds` names the zones outright and spares the permission to list them; empty: all of the account. */
export function createZones(
  route53: Route53,
  requests: TokenBucket,
  clock: Clock,
  log: Logger,
  zoneIds: readonly string[],
): Zones {
  // Owned by this closure; `zones` is swapped whole by refresh and `gone` emptied. The account's number of zones bounds both.
  let zones: readonly Zone[] = []
  let listedAtMs = Number.NEGATIVE_INFINITY
  const gone = new Set<string>()

  return {
    find(name) {
      if ([...gone].some((zoneName) => isWithin(name, zoneName))) return { kind: 'unknown' }
      const isListOld = clock.now() - listedAtMs >= refreshOnMissMs
      if (isListOld && !zones.some((zone) => isWithin(name, zone.name))) return { kind: 'unknown' }
      return findZone(zones, name, zoneIds)
    },
    async refresh() {
      const list = await listZones(route53, requests, zoneIds)
      zones = list.zones
      listedAtMs = clock.now()
      gone.clear()
      for (const id of list.missing) {
        log.error(
          { zoneId: id },
          'DYNDNS_ZONE_IDS names a zone that is private or does not exist: correct it',
        )
      }
      log.info({ zones: zones.length }, 'hosted zones listed')
    },
    invalidate: (zone) => void gone.add(zone.name),
  }
}
