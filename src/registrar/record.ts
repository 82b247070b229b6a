import { moveToPrefix, type Prefix, parseAddress } from '../net/ip-address.js'
import type { RecordChange, RecordSet, RecordType } from '../route53/api.js'
import type { Fault } from '../route53/errors.js'
import { applyEdits, coversEdits, describeEdits, supersedeEdits, type ValueEdits } from './value-edits.js'

/** A record of a host, as it is asked for. */
export interface DesiredRecord {
  /** Canonical name, no trailing dot. */
  readonly name: string
  readonly type: RecordType
  readonly target: Target
  /** Part of what is desired: a record with another one is replaced. */
  readonly ttlSeconds: number
}

/** What a record shall be. */
export type Target =
  /** This canonical address of the record's family. */
  | { readonly kind: 'address'; readonly address: string }
  /** The address that it has, moved into another network; AAAA only. */
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'absent' }
  /** A set of values with some added and others removed, whatever else is in it; TXT only. */
  | { readonly kind: 'values'; readonly edits: ValueEdits }

/** What became of a desired record; exactly one is true for each caller. No address: there is no record. */
export type UpdateOutcome =
  /** Route 53 accepted the change. */
  | { readonly kind: 'good'; readonly address: string | undefined; readonly changeId?: string }
  /** Route 53 already held it. */
  | { readonly kind: 'nochg'; readonly address: string | undefined }
  | Refused
  | Unavailable

/** It can never succeed as things stand; `reason` says what is in the way and what to do. */
export interface Refused {
  readonly kind: 'refused'
  readonly cause: RefusalCause
  readonly reason: string
}

/** Not known to be done yet: the client should ask again later. */
export interface Unavailable {
  readonly kind: 'unavailable'
  readonly cause: Delay
  readonly reason: string
}

/** Why something is refused, in a word that stays when the sentences change. */
export type RefusalCause =
  /** The request has no address that may be published. */
  | 'address'
  /** There is no record yet that could be moved into another network. */
  | 'no-record'
  /** No hosted zone contains the name, or two do. */
  | 'no-zone'
  /** An NS record hands the name over to other name servers. */
  | 'delegated'
  /** Route 53 holds something at the name that is not ours. */
  | 'in-the-way'
  /** The set holds as many values of others as it may. */
  | 'full'
  /** Route 53 rejects the change itself. */
  | 'rejected'

/** Why something is not done yet, likewise: the last fault of Route 53, if there was one. */
export type Delay =
  | Fault['kind']
  /** Its time was up. */
  | 'late'
  /** Something newer was asked for. */
  | 'superseded'
  /** The record keeps changing between our look and our write. */
  | 'changing'
  /** Too many records wait. */
  | 'too-many'
  | 'given-up'
  /** Another process goes on with it. */
  | 'handed-over'
  | 'shutting-down'

/** What Route 53 holds at a name, as far as it matters to one record. */
export interface HeldRecords {
  /** Empty where nothing is in the way of the record. */
  readonly recordSets: readonly RecordSet[]
  /** The name of an NS record, at the record's own name or above it, by which the zone hands over to other name servers. */
  readonly delegatedAt?: string | undefined
  /** Set when Route 53 itself rejected this target (as `describeTarget` writes it), with its reason. */
  readonly rejected?: { readonly target: string; readonly reason: string }
}

/** What must be done to get from what is held to what is desired. */
export type Decision =
  | { readonly kind: 'same'; readonly held: RecordSet | undefined }
  | ({ readonly kind: 'swap' } & Swap)
  | Refused

/** The replacement of exactly what was read by what is wanted. */
export interface Swap {
  /** Undefined: there was no record. */
  readonly held: RecordSet | undefined
  /** Undefined: there shall be none. */
  readonly wanted: RecordSet | undefined
}

/** The outcome of what cannot succeed as things stand. */
export function refused(cause: RefusalCause, reason: string): Refused {
  return { kind: 'refused', cause, reason }
}

/** The outcome of what is not done yet. */
export function unavailable(cause: Delay, reason: string): Unavailable {
  return { kind: 'unavailable', cause, reason }
}

/** What identifies a record within the account. */
export function recordKey({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${name} ${type}`
}

/** Whether it is the TXT record of a challenge and no address, for which an IAM policy has another statement. */
export function isChallenge({ type }: { readonly type: RecordType }): boolean {
  return type === 'TXT'
}

/** A target as text: equal for equal targets. */
export function describeTarget(target: Target): string {
  switch (target.kind) {
    case 'address':
      return target.address
    case 'prefix':
      return `${target.prefix.network}/${target.prefix.bits}`
    case 'absent':
      return 'no record'
    case 'values':
      return describeEdits(target.edits)
  }
}

/** Whether everything that `asked` asks for is part of `target`. */
export function covers(target: Target, asked: Target): boolean {
  if (target.kind === 'values' && asked.kind === 'values') return coversEdits(target.edits, asked.edits)
  return describeTarget(target) === describeTarget(asked)
}

/** What is wanted once `newer` was asked for: the newer address alone, but of values all that do not contradict it. */
export function supersede(older: Target, newer: Target): Target {
  if (older.kind !== 'values' || newer.kind !== 'values') return newer
  return { kind: 'values', edits: supersedeEdits(older.edits, newer.edits) }
}

/** The address of an A or AAAA record set in canonical spelling; undefined for no set, and for what is no address. */
export function addressOf(set: RecordSet | undefined): string | undefined {
  return set?.type === 'TXT' ? undefined : parseAddress(set?.values[0] ?? '')?.text
}

/**
 * Decides by every record set held at the record's name. Only a simple record is ours to replace, and of addresses only one
 * with a single value; everything else that stands in the way is refused, and so is what Route 53 itself has rejected.
 */
export function decide(desired: DesiredRecord, held: HeldRecords): Decision {
  const { type, target } = desired
  const { recordSets, delegatedAt, rejected } = held
  if (rejected?.target === describeTarget(target)) return refused('rejected', rejected.reason)
  if (delegatedAt !== undefined) return refused('delegated', describeCut(desired.name, delegatedAt))
  const alias = recordSets.find((set) => set.type === 'CNAME')
  if (alias) return notOurs(desired, target.kind === 'values' ? cnameOfChallenge(alias) : 'a CNAME')
  const ofType = recordSets.filter((set) => set.type === type)
  const foreign = ofType.find((set) => set.foreign !== undefined)
  if (foreign) return notOurs(desired, `${type}: ${foreign.foreign}`)
  const [current] = ofType.filter(({ values }) => values.length > 0)
  return target.kind === 'values'
    ? decideValues(desired, target.edits, current)
    : decideAddress(desired, target, current)
}

function decideAddress(
  desired: DesiredRecord,
  target: Exclude<Target, { kind: 'values' }>,
  held: RecordSet | undefined,
): Decision {
  const { name, type, ttlSeconds } = desired
  const count = held?.values.length ?? 0
  if (count > 1) return notOurs(desired, `an ${type} record of ${count} values`)
  const current = addressOf(held)
  const address = wantedAddress(target, current)
  if (target.kind === 'prefix' && address === undefined) {
    const reason = `${name} has no AAAA record whose address could be moved to ${describeTarget(target)}: register one first`
    return refused('no-record', reason)
  }
  if (address === undefined) return held ? { kind: 'swap', held, wanted: undefined } : { kind: 'same', held }
  if (address === current && held?.ttlSeconds === ttlSeconds) return { kind: 'same', held }
  return { kind: 'swap', held, wanted: { name, type, ttlSeconds, values: [address] } }
}

function decideValues(desired: DesiredRecord, edits: ValueEdits, held: RecordSet | undefined): Decision {
  const { name, type, ttlSeconds } = desired
  const before = held?.values ?? []
  const values = applyEdits(before, edits)
  if (!values) {
    const reason = `${name} holds ${before.length} ${type} values of others, and no more fit: remove those that are not needed any more`
    return refused('full', reason)
  }
  if (values.join('\n') === before.join('\n')) return { kind: 'same', held }
  const wanted = values.length > 0 ? { name, type, ttlSeconds, values } : undefined
  return { kind: 'swap', held, wanted }
}

/**
 * The changes of a swap. A batch is judged in order, and a DELETE must name the values and the TTL that are there
 * (ChangeResourceRecordSets, API reference): so it is made only where Route 53 still holds what was read.
 */
export function swapChanges({ name, type }: DesiredRecord, { held, wanted }: Swap): RecordChange[] {
  const change = (action: RecordChange['action'], { ttlSeconds = 0, values }: RecordSet) => {
    return { action, name, type, ttlSeconds, values }
  }
  return [...(held ? [change('DELETE', held)] : []), ...(wanted ? [change('CREATE', wanted)] : [])]
}

function wantedAddress(
  target: Exclude<Target, { kind: 'values' }>,
  current: string | undefined,
): string | undefined {
  switch (target.kind) {
    case 'address':
      return target.address
    case 'prefix':
      return current === undefined ? undefined : moveToPrefix(current, target.prefix)
    case 'absent':
      return undefined
  }
}

function notOurs(desired: DesiredRecord, what: string): Refused {
  const reason = `Route 53 holds at ${desired.name} ${what}, which is not ours to overwrite: delete it there to let this service own the name`
  return refused('in-the-way', reason)
}

function describeCut(name: string, cut: string): string {
  return `an NS record at ${cut} hands over to other name servers, so nobody would see what this service writes at ${name}: delete that NS record, or let the service write to the zone that it leads to`
}

function cnameOfChallenge({ values }: RecordSet): string {
  return `a CNAME to ${values[0]} (a challenge goes to that name then, where a client that follows the CNAME sends it)`
}
