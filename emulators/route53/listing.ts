import type { ZonesByNameRequest, ZonesRequest } from './calls.js'
import { normalizeName, reverseLabels } from './names.js'
import { compare } from './table.js'
import type { Zone } from './zone.js'

/** A page of zones and the first of the next page (undefined: this was the last). */
export interface ZonesPage {
  zones: Zone[]
  next?: Zone | undefined
}

/** ListHostedZones: by id, as the service promises no order; at most 100, which is also the default. */
export function zonesById(zones: Zone[], { marker = '', maxItems }: ZonesRequest): ZonesPage {
  return page(zones, ({ id }) => id, marker, maxItems)
}

/**
 * ListHostedZonesByName: by reversed labels, then id, from `dnsName` on, whether that zone exists or not; at most
 * 100, which is also the default. Escapes are sorted as they are written (API reference).
 */
export function zonesByName(zones: Zone[], request: ZonesByNameRequest): ZonesPage {
  const { dnsName, hostedZoneId = '', maxItems } = request
  const order = (name: string, id: string) => `${reverseLabels(name)} ${id}`
  const start = dnsName === undefined ? '' : order(normalizeName(dnsName), hostedZoneId)
  return page(zones, ({ name, id }) => order(name, id), start, maxItems)
}

function page(zones: Zone[], orderOf: (zone: Zone) => string, start: string, maxItems = 100): ZonesPage {
  const rest = zones.filter((zone) => orderOf(zone) >= start).sort((a, b) => compare(orderOf(a), orderOf(b)))
  const count = Math.min(maxItems, 100)
  return { zones: rest.slice(0, count), next: rest[count] }
}
