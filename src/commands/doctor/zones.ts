import type { ZoneList } from '../../route53/hosted-zones.js'
import { describeMissingZone, type ZoneHosts } from '../account.js'
import { count, someOf } from '../lists.js'
import { verdictOn } from './credentials.js'
import { type Finding, failed, findings, ok } from './finding.js'
import type { Attempt } from './trouble.js'

/** Whether the hosted zones can be listed, and are what DYNDNS_ZONE_IDS says. */
export function checkZoneList(list: Attempt<ZoneList>): Finding[] {
  if ('trouble' in list) return findings('zone list', [verdictOn(list.trouble)])
  const { zones, missing } = list.value
  const names = someOf(zones.map(({ name }) => name))
  const verdicts = missing.map((id) => failed(describeMissingZone(id)))
  if (zones.length > 0) verdicts.push(ok(`${count(zones.length, 'public hosted zone')}: ${names}`))
  else if (missing.length === 0) {
    const advice = 'create one in Route 53 for the domain of your hosts'
    verdicts.push(failed(`this AWS account has no public hosted zone: ${advice}`))
  }
  return findings('zone list', verdicts, 'zone')
}

/** Whether each host lies in exactly one zone; `zoneless` are the others by what is wrong. */
export function checkHostZones(
  zones: readonly ZoneHosts[],
  zoneless: ReadonlyMap<string, readonly string[]>,
): Finding[] {
  const hosts = zones.reduce((sum, { names }) => sum + names.length, 0)
  const where = someOf(zones.map(({ zone }) => `${zone.name} (${zone.id})`))
  const verdicts = [...zoneless].map(([reason, names]) => failed(`${someOf(names)}: ${reason}`))
  if (hosts > 0) verdicts.push(ok(`${count(hosts, 'host')} in ${count(zones.length, 'zone')}: ${where}`))
  return findings('host zones', verdicts, 'host')
}
