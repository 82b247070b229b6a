import { moveToPrefix, type Prefix, parseAddress } from '../net/ip-address.js'
import type { RecordChange, RecordSet } from '../route53/api.js'

/** An address record of a host, as it is asked for. */
export interface DesiredRecord {
  /** Canonical host name, no trailing dot. */
  readonly name: string
  readonly type: 'A' | 'AAAA'
  readonly target: Target
  readonly ttlSeconds: number
}

/** What a record shall be. */
export type Target =
  /** This canonical address of the record's family. */
  | { readonly kind: 'address'; readonly address: string }
  /** The address that it has, moved into another network; AAAA only. */
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'absent' }

/** What became of a desired record; exactly one is true for each caller. No address: there is no record. */
export type UpdateOutcome =
  /** Route 53 accepted the change. */
  | { readonly kind: 'good'; readonly address: string | undefined; readonly changeId?: string }
  /** Route 53 already held it. */
  | { readonly kind: 'nochg'; readonly address: string | undefined }
  /** It can never succeed as things stand; `reason` says what is in the way and what to do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not known to be done yet: the client should ask again later. */
  | { readonly kind: 'unavailable'; readonly reason: string }

/** What Route 53 holds at a name, as far as it matters to one record. */
export interface HeldRecords {
  /** Empty where nothing is in the way of the record. */
  readonly recordSets: readonly RecordSet[]
  /** Set when Route 53 itself rejected this target (as `describeTarget` writes it), with its reason. */
  readonly rejected?: { readonly target: string; readonly reason: string }
}

/** What must be done to get from what is held to what is desired. */
export type Decision =
  | { readonly kind: 'same'; readonly address: string | undefined }
  | ({ readonly kind: 'swap' } & Swap)
  | { readonly kind: 'refused'; readonly reason: string }

/** The replacement of exactly what was read by what is wanted. */
export interface Swap {
  /** Undefined: there was no record. */
  readonly held: RecordSet | undefined
  /** Undefined: there shall be none. */
  readonly address: string | undefined
}

/** What identifies a record within the account. */
export function recordKey({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${name} ${type}`
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
  }
}

/**
 * Decides by every record set held at the record's name. Only a simple record with a single value is ours to replace;
 * everything else that stands in the way is refused, and so is what Route 53 itself has rejected.
 */
export function decide(desired: DesiredRecord, { recordSets, rejected }: HeldRecords): Decision {
  const { name, type, target } = desired
  if (rejected?.target === describeTarget(target)) return { kind: 'refused', reason: rejected.reason }
  if (recordSets.some((set) => set.type === 'CNAME')) return notOurs(desired, 'a CNAME')
  const ofType = recordSets.filter((set) => set.type === type)
  const foreign = ofType.find((set) => set.foreign !== undefined)
  if (foreign) return notOurs(desired, `${type}: ${foreign.foreign}`)
  const [held] = ofType.filter(({ values }) => values.length > 0)
  const [value, ...more] = held?.values ?? []
  if (more.length > 0) return notOurs(desired, `an ${type} record of ${more.length + 1} values`)

  const current = parseAddress(value ?? '')?.text
  const address = wantedAddress(target, current)
  if (target.kind === 'prefix' && address === undefined) {
    const reason = `${name} has no AAAA record whose address could be moved to ${describeTarget(target)}: register one first`
    return { kind: 'refused', reason }
  }
  const isSame = address === undefined ? held === undefined : address === current
  return isSame ? { kind: 'same', address } : { kind: 'swap', held, address }
}

/**
 * The changes of a swap. A batch is judged in order, and a DELETE must name the values and the TTL that are there
 * (ChangeResourceRecordSets, API reference): so it is made only where Route 53 still holds what was read.
 */
export function swapChanges({ name, type, ttlSeconds }: DesiredRecord, swap: Swap): RecordChange[] {
  const { held, address } = swap
  const changes: RecordChange[] = []
  if (held)
    changes.push({ action: 'DELETE', name, type, ttlSeconds: held.ttlSeconds ?? 0, values: held.values })
  if (address !== undefined) changes.push({ action: 'CREATE', name, type, ttlSeconds, values: [address] })
  return changes
}

/** What Route 53 holds once it has accepted the swap. */
export function afterSwap({ name, type, ttlSeconds }: DesiredRecord, { address }: Swap): HeldRecords {
  return { recordSets: address === undefined ? [] : [{ name, type, ttlSeconds, values: [address] }] }
}

function wantedAddress(target: Target, current: string | undefined): string | undefined {
  switch (target.kind) {
    case 'address':
      return target.address
    case 'prefix':
      return current === undefined ? undefined : moveToPrefix(current, target.prefix)
    case 'absent':
      return undefined
  }
}

function notOurs(desired: DesiredRecord, what: string): Decision {
  const reason = `Route 53 holds at ${desired.name} ${what}, which is not ours to overwrite: delete it there to let this service own the name`
  return { kind: 'refused', reason }
}
