import { addTo } from '../../multimap.js'
import { isWithin, parentOf } from '../../net/hostname.js'
import type { Zone } from '../../route53/api.js'
import type { ZoneHosts } from '../account.js'

/** Record names that may be written in some zones. */
export interface Grant {
  readonly zones: readonly Zone[]
  /** Names that are allowed one by one. */
  readonly names: readonly string[]
  /** Domains below which every name is allowed, but not the domain itself. */
  readonly domains: readonly string[]
}

/** Hosts of a zone that have the same parent domain. */
interface Siblings {
  readonly zone: Zone
  readonly parent: string
  readonly names: readonly string[]
  /** Characters of all names together. */
  readonly length: number
}

/** Beyond so many domains the zones themselves are the shorter list. */
const maxDomains = 50

/**
 * Ways to allow the writes to these hosts, each shorter and wider than the one before: every name by itself; then, for
 * one parent domain after the other, the one with the longest list of hosts first, every name below it; then every
 * name below each zone; and in the end the same in one grant for all zones. Left out are those whose list of names
 * alone has more than `maxLength` characters.
 */
export function* grantsFor(hosts: readonly ZoneHosts[], maxLength: number): Generator<readonly Grant[]> {
  const families = hosts.flatMap(siblingsOf)
  const largest = families
    .filter(({ names }) => names.length > 1)
    .sort((a, b) => b.length - a.length)
    .slice(0, maxDomains)
  const zones = hosts.map(({ zone }) => zone)
  for (let widened = 0; widened <= largest.length; widened++) {
    const wide = largest.slice(0, widened)
    if (lengthOf(families.filter((family) => !isCovered(family, wide))) > maxLength) continue
    yield zones.map((zone) => grantOf(zone, families, wide))
  }
  const whole = zones.map((zone) =>
    grantOf(zone, families, [{ zone, parent: zone.name, names: [], length: 0 }]),
  )
  yield whole
  yield [
    {
      zones,
      names: whole.flatMap(({ names }) => names),
      domains: whole.flatMap(({ domains }) => domains),
    },
  ]
}

/** The hosts of a zone by their parent domain; that of the apex lies outside and is never widened. */
function siblingsOf({ zone, names }: ZoneHosts): Siblings[] {
  const byParent = new Map<string, string[]>()
  for (const name of names) addTo(byParent, parentOf(name), name)
  return [...byParent].map(([parent, siblings]) => {
    return { zone, parent, names: siblings, length: lengthOf(siblings) }
  })
}

function lengthOf(items: readonly { readonly length: number }[]): number {
  return items.reduce((sum, { length }) => sum + length, 0)
}

/** Whether the names are below one of these parent domains in the same zone. */
function isCovered({ zone, parent }: Siblings, wide: readonly Siblings[]): boolean {
  return wide.some((other) => other.zone === zone && isWithin(parent, other.parent))
}

function grantOf(zone: Zone, families: readonly Siblings[], wide: readonly Siblings[]): Grant {
  const domains = wide.filter((family) => {
    return family.zone === zone && !wide.some((other) => other !== family && isCovered(family, [other]))
  })
  const names = families.filter((family) => family.zone === zone && !isCovered(family, domains))
  return {
    zones: [zone],
    names: names.flatMap((family) => family.names),
    domains: domains.map(({ parent }) => parent),
  }
}
