import type { ChangeInfo } from './account.js'
import type { RecordSet } from './records.js'
import { element, text } from './xml.js'
import { nameServers, type Zone } from './zone.js'

/** The HostedZone element; the id carries its prefix, as in the real service's answers. */
export function hostedZone(zone: Zone): string {
  return element(
    'HostedZone',
    text('Id', `/hostedzone/${zone.id}`),
    text('Name', zone.name),
    text('CallerReference', zone.callerReference),
    element('Config', text('Comment', zone.comment), text('PrivateZone', zone.private)),
    text('ResourceRecordSetCount', zone.table.size),
  )
}

/** The HostedZones element. */
export function hostedZones(zones: readonly Zone[]): string {
  return element('HostedZones', ...zones.map(hostedZone))
}

/** The DelegationSet element, the same for every zone. */
export function delegationSet(): string {
  const servers = nameServers.map((server) => text('NameServer', server))
  return element('DelegationSet', element('NameServers', ...servers))
}

/** The ChangeInfo element; the id carries its prefix. */
export function changeInfo({ id, status, submittedAtMs, comment }: ChangeInfo): string {
  return element(
    'ChangeInfo',
    text('Id', `/change/${id}`),
    text('Status', status),
    text('SubmittedAt', new Date(submittedAtMs).toISOString()),
    text('Comment', comment),
  )
}

/** The ResourceRecordSets element. */
export function resourceRecordSets(recordSets: readonly RecordSet[]): string {
  return element('ResourceRecordSets', ...recordSets.map(resourceRecordSet))
}

function resourceRecordSet(recordSet: RecordSet): string {
  const { values, aliasTarget } = recordSet
  const records = values.map((value) => element('ResourceRecord', text('Value', value)))
  return element(
    'ResourceRecordSet',
    text('Name', recordSet.name),
    text('Type', recordSet.type),
    text('SetIdentifier', recordSet.setIdentifier),
    text('Weight', recordSet.weight),
    text('Region', recordSet.region),
    text('MultiValueAnswer', recordSet.multiValueAnswer),
    text('TTL', recordSet.ttl),
    values.length > 0 ? element('ResourceRecords', ...records) : '',
    aliasTarget
      ? element(
          'AliasTarget',
          text('HostedZoneId', aliasTarget.hostedZoneId),
          text('DNSName', aliasTarget.dnsName),
          text('EvaluateTargetHealth', aliasTarget.evaluateTargetHealth),
        )
      : '',
  )
}
