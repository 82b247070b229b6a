import type { Logger } from 'pino'
import { isWithin } from '../hostname.js'
import type { Clock } from './clock.js'
import type { Route53, Zone } from './route53.js'
import type { TokenBucket } from './token-bucket.js'

/** The zone of a name, `none` with what to do about it, or `unknown` while the list must first be asked for. */
export type ZoneLookup =
  | { readonly kind: 'zone'; readonly zone: Zone }
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'unknown' }

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

  async function listAll(): Promise<Zone[]> {
    const all: Zone[] = []
    let marker: string | undefined
    do {
      await requests.take(1)
      const page = await route53.listZones(marker)
      all.push(...page.zones)
      marker = page.nextMarker
    } while (marker !== undefined)
    return all
  }

  async function getEach(): Promise<Zone[]> {
    const named: Zone[] = []
    for (const id of new Set(zoneIds)) {
      await requests.take(1)
      const zone = await route53.getZone(id).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchHostedZone') return undefined
        throw error
      })
      if (zone) named.push(zone)
      else
        log.error(
          { zoneId: id },
          'DYNDNS_ZONE_IDS names a zone that is private or does not exist: correct it',
        )
    }
    return named
  }

  return {
    find(name) {
      if ([...gone].some((zoneName) => isWithin(name, zoneName))) return { kind: 'unknown' }
      const [longest, twin] = zones
        .filter((zone) => isWithin(name, zone.name))
        .sort((a, b) => b.name.length - a.name.length)
      if (longest && twin?.name === longest.name) {
        const reason = `two public hosted zones are named ${longest.name} (${longest.id}, ${twin.id}): name the right one in DYNDNS_ZONE_IDS`
        return { kind: 'none', reason }
      }
      if (longest) return { kind: 'zone', zone: longest }
      if (clock.now() - listedAtMs >= refreshOnMissMs) return { kind: 'unknown' }
      const where = zoneIds.length > 0 ? 'of DYNDNS_ZONE_IDS' : 'of this AWS account'
      return {
        kind: 'none',
        reason: `no public hosted zone ${where} contains ${name}: create the zone or correct the host name`,
      }
    },
    async refresh() {
      zones = zoneIds.length > 0 ? await getEach() : await listAll()
      listedAtMs = clock.now()
      gone.clear()
      log.info({ zones: zones.length }, 'hosted zones listed')
    },
    invalidate: (zone) => void gone.add(zone.name),
  }
}
