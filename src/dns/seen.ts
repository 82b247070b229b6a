import type { Clock } from './clock.js'
import { compare, type DesiredRecord, type RecordSet, type UpdateOutcome } from './record.js'

/** What Route 53 was seen to hold at a name, as far as it matters to one record. */
export interface Sighting {
  readonly recordSets: readonly RecordSet[]
  /** Set when Route 53 itself rejected this address, with its reason. */
  readonly rejected?: { readonly address: string; readonly reason: string }
}

/** What this process itself read or wrote lately. */
export interface Seen {
  /** The sighting if it is younger than the recheck time. */
  get(key: string): Sighting | undefined
  put(key: string, sighting: Sighting): void
  forget(key: string): void
}

/** Remembers each sighting for `recheckMs` (0: not at all) and at most `limit` of them, dropping the oldest. */
export function createSeen(recheckMs: number, limit: number, clock: Clock): Seen {
  // Owned by the registrar; the Map's order is the order of writing, so the first key is the oldest.
  const sightings = new Map<string, { sighting: Sighting; atMs: number }>()
  return {
    get(key) {
      const found = sightings.get(key)
      return found && clock.now() - found.atMs < recheckMs ? found.sighting : undefined
    },
    put(key, sighting) {
      if (recheckMs === 0) return
      sightings.delete(key)
      sightings.set(key, { sighting, atMs: clock.now() })
      if (sightings.size <= limit) return
      const oldest = sightings.keys().next()
      if (!oldest.done) sightings.delete(oldest.value)
    },
    forget: (key) => void sightings.delete(key),
  }
}

/** The record set that a written record leaves behind. */
export function written(desired: DesiredRecord): Sighting {
  const { name, type, address, ttlSeconds } = desired
  return { recordSets: [{ name, type, ttlSeconds, values: [address] }] }
}

/** What a sighting already says about a desired record; undefined when it must be written to know. */
export function outcomeFromSighting(desired: DesiredRecord, sighting: Sighting): UpdateOutcome | undefined {
  if (sighting.rejected?.address === desired.address)
    return { kind: 'refused', reason: sighting.rejected.reason }
  const difference = compare(desired, sighting.recordSets)
  if (difference.kind === 'write') return undefined
  return difference.kind === 'same' ? { kind: 'nochg', address: desired.address } : difference
}
