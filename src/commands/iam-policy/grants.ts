import { challengeName } from '../../certificates/challenge-name.js'
import { addTo } from '../../multimap.js'
import type { Zone } from '../../route53/api.js'
import { findZone, indexZones } from '../../route53/hosted-zones.js'
import { groupByZone } from '../account.js'
import { CommandError } from '../context.js'

/**
 * The names that may be written in a hosted zone: names one by one, or every name below domains but not these themselves,
 * and with them maybe more names one by one.
 */
export type Grant = { readonly zone: Zone } & (
  | { readonly hosts: readonly string[] }
  | { readonly domains: readonly string[]; readonly hosts?: readonly string[] }
)

/** What may be written, and the hosts that are not in it. All names are canonical. */
export interface Grants {
  /** One for each zone in which anything is to be written. */
  readonly grants: readonly Grant[]
  /** Hosts that lie in no zone, by what is wrong. */
  readonly zoneless: ReadonlyMap<string, readonly string[]>
  /** Hosts that lie below none of the domains that were asked for. */
  readonly uncovered: readonly string[]
}

/** Each host by itself, in its zone among those listed for `zoneIds`. */
export function grantHosts(
  hosts: readonly string[],
  listed: readonly Zone[],
  zoneIds: readonly string[],
): Grants {
  const { zones, zoneless } = groupByZone(hosts, listed, zoneIds)
  return { grants: zones.map(({ zone, names }) => ({ zone, hosts: names })), zoneless, uncovered: [] }
}

/**
 * Every name below these domains: in the zone that holds the domain, and in each zone within it where a host below the
 * domain lies. Throws a CommandError for a domain that is in no zone.
 */
export function grantBelow(
  domains: readonly string[],
  hosts: readonly string[],
  listed: readonly Zone[],
  zoneIds: readonly string[],
): Grants {
  const isCovered = (name: string) => domains.some((domain) => isBelow(name, domain))
  const { zones, zoneless } = groupByZone(hosts.filter(isCovered), listed, zoneIds)
  const index = indexZones(listed)
  const domainsByZone = new Map<Zone, string[]>()
  for (const domain of domains) {
    const found = findZone(index, domain, zoneIds)
    if (found.kind === 'none') throw new CommandError(`--below ${domain}: ${found.reason}`)
    const holdsHost = zones.filter(({ names }) => names.some((name) => isBelow(name, domain)))
    for (const zone of new Set([found.zone, ...holdsHost.map(({ zone }) => zone)])) {
      addTo(domainsByZone, zone, domain)
    }
  }
  return {
    grants: [...domainsByZone].map(([zone, within]) => ({ zone, domains: within })),
    zoneless,
    uncovered: hosts.filter((name) => !isCovered(name)),
  }
}

/**
 * The challenges of these hosts, in their zones: by their names or, with domains, for every host below them. Throws as
 * `grantBelow` does.
 */
export function grantChallenges(
  domains: readonly string[],
  hosts: readonly string[],
  listed: readonly Zone[],
  zoneIds: readonly string[],
): Grant[] {
  const namesOf = (some: readonly string[]) => [...new Set(some.map(challengeName))]
  if (domains.length === 0) return [...grantHosts(namesOf(hosts), listed, zoneIds).grants]
  const below = hosts.filter((name) => domains.some((domain) => isBelow(name, domain)))
  const { grants } = grantBelow(domains, namesOf(below), listed, zoneIds)
  // The host `*.D` lies below D, and its challenge is that of D itself, which is no host below D.
  const bare = domains.filter((domain) => below.includes(`*.${domain}`))
  const { zones } = groupByZone(namesOf(bare), listed, zoneIds)
  const namesIn = (wanted: Zone) => zones.find(({ zone }) => zone === wanted)?.names ?? []
  return grants.map((grant) => ({ ...grant, hosts: namesIn(grant.zone) }))
}

function isBelow(name: string, domain: string): boolean {
  return name.endsWith(`.${domain}`)
}
