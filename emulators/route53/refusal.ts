import { isIPv4, isIPv6 } from 'node:net'
import type { BatchTarget } from './batch.js'
import { isInZone } from './names.js'
import { type Change, type RecordKey, type RecordSet, sameContent, sameKey } from './records.js'
import type { RecordTable } from './table.js'

/**
 * Why this change cannot be made to `draft`, in the words of the real service (as quoted in bug reports);
 * undefined when it can.
 */
export function refusal(zone: BatchTarget, draft: RecordTable, change: Change): string | undefined {
  const { action, recordSet } = change
  const { name, type, values } = recordSet
  const protection = zone.protections.get(`${type} ${name}`)
  if (protection !== undefined) return protectedRecord(recordSet, protection)
  if (!isInZone(name, zone.name)) return `RRSet with DNS name ${name} is not permitted in zone ${zone.name}`
  const existing = draft.find(recordSet)
  if (action === 'DELETE') return deleteRefusal(recordSet, existing)
  if (action === 'CREATE' && existing) {
    return `Tried to create resource record set ${describe(recordSet)} but it already exists`
  }
  return (
    values.map((value) => illegalAddress(type, value)).find((problem) => problem !== undefined) ??
    cnameConflict(zone.name, recordSet, draft.at(name)) ??
    routingConflict(recordSet, draft.at(name))
  )
}

/** The emulator's own words: what the service says is known only to hold the record set and the comment. */
function protectedRecord({ name, type }: RecordSet, comment: string): string {
  const detail = comment === '' ? '' : `: ${comment}`
  return `RRSet with DNS name ${name}, type ${type} is protected by a resource record set protection${detail}`
}

function deleteRefusal(recordSet: RecordSet, existing: RecordSet | undefined): string | undefined {
  const tried = `Tried to delete resource record set ${describe(recordSet)} but`
  if (!existing) return `${tried} it was not found`
  if (sameContent(recordSet, existing)) return undefined
  return `${tried} the values provided do not match the current values`
}

function describe({ name, type, setIdentifier }: RecordKey): string {
  const identifier = setIdentifier === undefined ? '' : `, set-identifier='${setIdentifier}'`
  return `[name='${name}', type='${type}'${identifier}]`
}

function illegalAddress(type: string, value: string): string | undefined {
  if (type === 'A' && !isIPv4(value)) {
    return fatalProblem('ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)', value)
  }
  if (type === 'AAAA' && (!isIPv6(value) || value.includes('%'))) {
    return fatalProblem('AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)', value)
  }
  return undefined
}

function fatalProblem(problem: string, value: string): string {
  return `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`
}

function cnameConflict(
  zoneName: string,
  { name, type }: RecordSet,
  present: readonly RecordSet[],
): string | undefined {
  const subject = `RRSet of type ${type} with DNS name ${name} is not permitted`
  if (type === 'CNAME') {
    if (name === zoneName) return `${subject} at apex in zone ${zoneName}`
    if (present.every((other) => other.type === 'CNAME')) return undefined
    return `${subject} as it conflicts with other records with the same DNS name in zone ${zoneName}`
  }
  if (!present.some((other) => other.type === 'CNAME')) return undefined
  const obstacle = 'because a conflicting RRSet of type CNAME with the same DNS name already exists'
  return `${subject} ${obstacle} in zone ${zoneName}`
}

/** The record sets of one name and type are a single simple one, or several of one routing policy. */
function routingConflict(recordSet: RecordSet, present: readonly RecordSet[]): string | undefined {
  const { name, type, setIdentifier, weight, region } = recordSet
  const others = present.filter((other) => other.type === type && !sameKey(other, recordSet))
  if (others.every((other) => policyOf(other) === policyOf(recordSet))) return undefined
  const subject = `RRSet with DNS name ${name}, type ${type}`
  if (setIdentifier === undefined) {
    return `${subject} cannot be created as other RRSets exist with the same name and type.`
  }
  const named = `${subject}, SetIdentifier ${setIdentifier}`
  if (weight !== undefined) {
    return `${named} cannot be created as a non-weighted set exists with the same name and type.`
  }
  if (region !== undefined) {
    const obstacle = 'a non-latency RRSet with the same name and type already exists'
    return `${named}, and Region Name=${region} cannot be created because ${obstacle}.`
  }
  const obstacle = 'a non multivalue answer rrset exists with the same name and type'
  return `${named} cannot be created because ${obstacle}.`
}

function policyOf({ weight, region, multiValueAnswer }: RecordSet): string {
  if (weight !== undefined) return 'weighted'
  if (region !== undefined) return 'latency'
  return multiValueAnswer === undefined ? 'simple' : 'multivalue'
}
