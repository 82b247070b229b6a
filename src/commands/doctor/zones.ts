import { challengeName } from '../../certificates/challenge-name.js'
import { isWithin, parentOf } from '../../net/hostname.js'
import { decide } from '../../registrar/record.js'
import { canonicalName, type RecordSet } from '../../route53/api.js'
import type { ZoneList } from '../../route53/hosted-zones.js'
import { walkRecordSets } from '../../route53/list-records.js'
import { spend } from '../../route53/rate-limit.js'
import { type Account, describeMissingZone, type ZoneHosts } from '../account.js'
import { count, firstFew } from '../lists.js'
import { type CallResult, verdictOn } from './aws-calls.js'
import { obstaclesByCaa } from './caa.js'
import { type Finding, failed, findings, ok, warning } from './finding.js'

/** Whether the hosted zones can be listed, and are what DYNDNS_ZONE_IDS says. */
export function checkZoneList(list: CallResult<ZoneList>): Finding[] {
  if ('failure' in list) return findings('zone list', [verdictOn(list.failure)])
  const { zones, missing } = list.value
  const names = firstFew(zones.map(({ name }) => name))
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
  const where = firstFew(zones.map(({ zone }) => `${zone.name} (${zone.id})`))
  const verdicts = [...zoneless].map(([reason, names]) => failed(`${firstFew(names)}: ${reason}`))
  if (hosts > 0) verdicts.push(ok(`${count(hosts, 'host')} in ${count(zones.length, 'zone')}: ${where}`))
  return findings('host zones', verdicts, 'host')
}

/** What a zone holds, as far as its hosts are concerned. */
export interface ZoneRecords {
  /** Hosts with an address that the service may replace, and those to which it may give a first one. */
  readonly withAddress: number
  readonly withoutAddress: number
  /** What keeps the service from writing an A record. */
  readonly obstacles: readonly string[]
  /** What keeps it from writing an AAAA record only. */
  readonly obstaclesToIPv6: readonly string[]
  /** What keeps its hosts from getting certificates by way of the service. */
  readonly obstaclesToCertificates: readonly string[]
  /** Names below the apex from which on the zone hands over to other name servers. */
  readonly cuts: readonly string[]
  /** The values of the NS record at the apex, in canonical spelling. */
  readonly nameServers: readonly string[]
}

/** Reads what stands at the names of the hosts, and on the way to them. Throws what the SDK throws. */
export async function readRecords({ route53, requests }: Account, hosts: ZoneHosts): Promise<ZoneRecords> {
  const { zone, names } = hosts
  const isHost = new Set(names)
  const parents = parentsOf(hosts)
  const challenges = new Set(names.map(challengeName))
  const caa = new Map<string, readonly string[]>()
  const challengeObstacles: string[] = []
  const obstacles: string[] = []
  const obstaclesToIPv6: string[] = []
  const cuts: string[] = []
  let nameServers: readonly string[] = []
  let withAddress = 0
  let withoutAddress = 0

  await walkRecordSets(
    (start, maxItems) => spend(requests, 1, () => route53.listRecordSets(zone.id, start, maxItems)),
    new Set([zone.name, ...names, ...parents, ...challenges]),
    [],
    (name, held) => {
      if (challenges.has(name)) challengeObstacles.push(...obstaclesToChallenge(name, held))
      // A challenge's name may well have a zone of its own.
      if (challenges.has(name) && !isHost.has(name) && !parents.has(name)) return
      const issuers = held.find(({ type }) => type === 'CAA')?.values
      if (issuers) caa.set(name, issuers)
      const servers = held.find(({ type }) => type === 'NS')?.values
      if (servers && name === zone.name) nameServers = servers.map(canonicalName)
      else if (servers) cuts.push(name)
      if (!isHost.has(name)) return
      const [ipv4, ipv6] = obstaclesAt(name, held)
      if (ipv6 !== undefined && ipv6 !== ipv4) obstaclesToIPv6.push(ipv6)
      if (ipv4 !== undefined) obstacles.push(ipv4)
      else if (held.some(({ type }) => type === 'A' || type === 'AAAA')) withAddress++
      else withoutAddress++
    },
  )
  const obstaclesToCertificates = [...challengeObstacles, ...obstaclesByCaa(hosts, caa)]
  return {
    withAddress,
    withoutAddress,
    obstacles,
    obstaclesToIPv6,
    obstaclesToCertificates,
    cuts,
    nameServers,
  }
}

/** What the service would say to an A and to an AAAA record; undefined where it would write it. */
function obstaclesAt(name: string, held: readonly RecordSet[]): (string | undefined)[] {
  return (['A', 'AAAA'] as const).map((type) => {
    const absent = { name, type, target: { kind: 'absent' }, ttlSeconds: 0 } as const
    const verdict = decide(absent, { recordSets: held })
    return verdict.kind === 'refused' ? verdict.reason : undefined
  })
}

/** What the service would say to a challenge at its name, if it would not set it. */
function obstaclesToChallenge(name: string, held: readonly RecordSet[]): string[] {
  const edits = { wanted: new Map(), droppable: [] }
  const nothing = { name, type: 'TXT', target: { kind: 'values', edits }, ttlSeconds: 0 } as const
  const verdict = decide(nothing, { recordSets: held })
  return verdict.kind === 'refused' ? [`no certificate by way of the service: ${verdict.reason}`] : []
}

/** The names between the hosts and their zone. */
function parentsOf({ zone, names }: ZoneHosts): Set<string> {
  const parents = new Set<string>()
  for (const name of names) {
    let parent = parentOf(name)
    while (isWithin(parent, zone.name) && parent !== zone.name && !parents.has(parent)) {
      parents.add(parent)
      parent = parentOf(parent)
    }
  }
  return parents
}

/** A zone with hosts, and what came of reading its records. */
export interface ReadZone extends ZoneHosts {
  readonly read: CallResult<ZoneRecords>
}

/** Whether the records of each zone can be listed. */
export function checkRecordList(zones: readonly ReadZone[]): Finding[] {
  const names = zones.flatMap(({ zone, read }) => ('value' in read ? [zone.name] : []))
  const verdicts = zones.flatMap(({ zone, read }) => {
    if ('value' in read) return []
    const { status, message } = verdictOn(read.failure)
    return [{ status, message: `${zone.name} (${zone.id}): ${message}` }]
  })
  if (names.length > 0) verdicts.push(ok(`the records of ${firstFew(names)} can be listed`))
  return findings('record list', verdicts, 'zone')
}

/** What stands at the names of the hosts, over all zones; `certificates`: whether hosts may get these by way of the service. */
export function checkRecords(zones: readonly ZoneRecords[], certificates: boolean): Finding[] {
  const held = zones.reduce((sum, { withAddress }) => sum + withAddress, 0)
  const free = zones.reduce((sum, { withoutAddress }) => sum + withoutAddress, 0)
  const inOrder = `the service may write at ${count(held + free, 'name')}: ${held} with an address, ${free} without one yet`
  const verdicts = [
    ...(held + free > 0 ? [ok(inOrder)] : []),
    ...zones.flatMap(({ obstacles }) => obstacles.map(failed)),
    ...zones.flatMap(({ obstaclesToIPv6 }) => obstaclesToIPv6.map(warning)),
    ...(certificates
      ? zones.flatMap(({ obstaclesToCertificates }) => obstaclesToCertificates.map(warning))
      : []),
  ]
  return findings('records', verdicts, 'host')
}
