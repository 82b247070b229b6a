import { type Address, parseAddress } from './address.js'

/** The address record that a host asked for. */
export interface DesiredRecord {
  /** Canonical host name, no trailing dot. */
  readonly name: string
  readonly type: 'A' | 'AAAA'
  /** Canonical address of the type's family. */
  readonly address: string
  readonly ttlSeconds: number
}

/** One record set as Route 53 holds it, its name in canonical spelling. */
export interface RecordSet {
  readonly name: string
  readonly type: string
  readonly ttlSeconds?: number
  /** Empty for an alias. */
  readonly values: readonly string[]
  /** Present where the set is more than a simple record: says what it is, for a person. */
  readonly foreign?: string
}

/** What became of a desired record; exactly one is true for each caller. */
export type UpdateOutcome =
  /** Route 53 accepted the change. */
  | { readonly kind: 'good'; readonly address: string; readonly changeId?: string }
  /** Route 53 already held the address. */
  | { readonly kind: 'nochg'; readonly address: string }
  /** It can never succeed as things stand; `reason` says what is in the way and what to do. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Not known to be done yet: the client should ask again later. */
  | { readonly kind: 'unavailable'; readonly reason: string }

/** The A or AAAA record that makes `name` point at `address`. */
export function desiredRecord(name: string, address: Address, ttlSeconds: number): DesiredRecord {
  return { name, type: address.family === 4 ? 'A' : 'AAAA', address: address.text, ttlSeconds }
}

/** What must be done to get from what is held to what is desired. */
export type Difference =
  | { readonly kind: 'same' }
  | { readonly kind: 'write' }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Compares a desired record with every record set held at its name (none: an empty list). Only a simple record
 * with a single value is ours to replace; everything else that stands in the way is refused.
 */
export function compare(desired: DesiredRecord, heldAtName: readonly RecordSet[]): Difference {
  if (heldAtName.some((set) => set.type === 'CNAME')) return refused(desired, 'a CNAME')
  const held = heldAtName.filter((set) => set.type === desired.type)
  const foreign = held.find((set) => set.foreign !== undefined)
  if (foreign) return refused(desired, `${desired.type}: ${foreign.foreign}`)
  const [current] = held
  if (!current) return { kind: 'write' }
  const [value, ...more] = current.values
  if (more.length > 0) return refused(desired, `an ${desired.type} record of ${current.values.length} values`)
  return { kind: parseAddress(value ?? '')?.text === desired.address ? 'same' : 'write' }
}

function refused(desired: DesiredRecord, what: string): Difference {
  const reason = `Route 53 holds at ${desired.name} ${what}, which is not ours to overwrite: delete it there to let this service own the name`
  return { kind: 'refused', reason }
}
