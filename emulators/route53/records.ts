import { normalizeName } from './names.js'

/** Where an alias record points; `hostedZoneId` is the target's zone, which need not be in the emulator. */
export interface AliasTarget {
  hostedZoneId: string
  dnsName: string
  evaluateTargetHealth: boolean
}

/** A record set as Route 53 holds it: stored name (see normalizeName), values as they were typed, none for an alias. */
export interface RecordSet {
  name: string
  type: string
  /** Seconds; undefined for an alias. */
  ttl?: number | undefined
  values: string[]
  aliasTarget?: AliasTarget | undefined
  /** Tells apart the record sets of one name and type; undefined for a simple one. */
  setIdentifier?: string | undefined
  weight?: number | undefined
  region?: string | undefined
  multiValueAnswer?: boolean | undefined
}

/** A record set as a caller writes it: the name in any form, `values` left out for an alias. */
export type NewRecordSet = Omit<RecordSet, 'values'> & { values?: string[] }

/** What tells one record set from another in its zone; without `setIdentifier` it is a simple one. */
export type RecordKey = Pick<RecordSet, 'name' | 'type' | 'setIdentifier'>

/** One element of a change batch, its record set in the stored form. */
export interface Change {
  action: 'CREATE' | 'UPSERT' | 'DELETE'
  recordSet: RecordSet
}

/** One element of a change batch as a caller writes it. */
export type NewChange = Pick<Change, 'action'> & { recordSet: NewRecordSet }

/** The record set in its stored form; never throws, whatever is wrong with it. */
export function normalizeRecordSet(recordSet: NewRecordSet): RecordSet {
  const { name, values = [], aliasTarget } = recordSet
  return {
    ...recordSet,
    name: normalizeName(name),
    values: [...values],
    ...(aliasTarget && { aliasTarget: { ...aliasTarget, dnsName: normalizeName(aliasTarget.dnsName) } }),
  }
}

/** Whether two keys mean the same record set. */
export function sameKey(a: RecordKey, b: RecordKey): boolean {
  return a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier
}

/** Whether a DELETE that names `a` may remove `b`: everything but the order of the values must agree. */
export function sameContent(a: RecordSet, b: RecordSet): boolean {
  return contentOf(a) === contentOf(b)
}

function contentOf({ ttl, values, aliasTarget, weight, region, multiValueAnswer }: RecordSet): string {
  const target = aliasTarget && [
    aliasTarget.hostedZoneId,
    aliasTarget.dnsName,
    aliasTarget.evaluateTargetHealth,
  ]
  return JSON.stringify([ttl, [...values].sort(), target, weight, region, multiValueAnswer])
}
