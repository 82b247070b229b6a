import { moveToPrefix, type Prefix, parseAddress } from '../net/ip-address.js'
import type { RecordChange, RecordSet } from '../route53/api.js'

/** An address record of a host, as it is asked for. */
export interface DesiredRecord {
  /** Canonical host name, no trailing dot. */
  readonly name: string
  readonly type: 'A' | 'AAAA'
  readonly want: Want
  readonly ttlSeconds: number
}

/** What a record shall be. */
export type Want =
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

/** What must be done to get from what is held to what is desired. */
export type Difference =
  | { readonly kind: 'same'; readonly address: string | undefined }
  | { readonly kind: 'write'; readonly change: RecordChange }
  | { readonly kind: 'refused'; readonly reason: string }

/** What is wanted, as text: equal for equal wants. */
export function wantText(want: Want): string {
  switch (want.kind) {
    case 'address':
      return want.address
    case 'prefix':
      return `${want.prefix.network}/${want.prefix.bits}`
    case 'absent':
      return 'no record'
  }
}

/**
 * Compares a desired record with every record set held at its name (none: an empty list). Only a simple record
 * with a single value is ours to replace; everything else that stands in the way is refused.
 */
export function compare(desired: DesiredRecord, heldAtName: readonly RecordSet[]): Difference {
  const { name, type, want, ttlSeconds } = desired
  if (heldAtName.some((set) => set.type === 'CNAME')) return refused(desired, 'a CNAME')
  const held = heldAtName.filter((set) => set.type === type)
  const foreign = held.find((set) => set.foreign !== undefined)
  if (foreign) return refused(desired, `${type}: ${foreign.foreign}`)
  const [current] = held
  const [value, ...more] = current?.values ?? []
  if (more.length > 0) return refused(desired, `an ${type} record of ${more.length + 1} values`)

  const address = parseAddress(value ?? '')?.text
  const wanted = wantedAddress(want, address)
  if (want.kind === 'prefix' && wanted === undefined) {
    const reason = `${name} has no AAAA record whose address could be moved to ${wantText(want)}: register one first`
    return { kind: 'refused', reason }
  }
  if (wanted !== undefined) {
    if (wanted === address) return { kind: 'same', address }
    return { kind: 'write', change: { action: 'UPSERT', name, type, ttlSeconds, value: wanted } }
  }
  if (!current || value === undefined) return { kind: 'same', address: undefined }
  const heldTtlSeconds = current.ttlSeconds ?? 0
  return { kind: 'write', change: { action: 'DELETE', name, type, ttlSeconds: heldTtlSeconds, value } }
}

function wantedAddress(want: Want, address: string | undefined): string | undefined {
  switch (want.kind) {
    case 'address':
      return want.address
    case 'prefix':
      return address === undefined ? undefined : moveToPrefix(address, want.prefix)
    case 'absent':
      return undefined
  }
}

function refused(desired: DesiredRecord, what: string): Difference {
  const reason = `Route 53 holds at ${desired.name} ${what}, which is not ours to overwrite: delete it there to let this service own the name`
  return { kind: 'refused', reason }
}
