import type { Zone } from '../route53/zone.js'
import type { DnsZone } from './zone.js'

/**
 * What the DNS says for these hosted zones: private ones nothing, aliases nothing (their names exist), and
 * all the values of weighted and other sets that share a name and type, as routing policies are not followed.
 */
export function publicZones(zones: Iterable<Zone>): DnsZone[] {
  return [...zones]
    .filter((zone) => !zone.private)
    .map((zone) => ({
      name: zone.name,
      recordSets: zone.records().map(({ name, type, ttl = 0, values }) => ({ name, type, ttl, values })),
    }))
}

/** The root of the DNS, as far as a resolver needs it to see that it reaches the internet. */
export const root: DnsZone = {
  name: '.',
  recordSets: [{ name: '.', type: 'NS', ttl: 60, values: ['a.root-servers.net.'] }],
}
