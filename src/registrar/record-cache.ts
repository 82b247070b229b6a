import type { Clock } from '../net/clock.js'
import type { RecordChange, RecordSet } from '../route53/api.js'
import { compare, type DesiredRecord, wantText } from './record.js'

/** What Route 53 was seen to hold at a name, as far as it matters to one record. */
export interface Sighting {
  readonly recordSets: readonly RecordSet[]
  /** Set when Route 53 itself rejected what was wanted (as `wantText` writes it), with its reason. */
  readonly rejected?: { readonly want: string; readonly reason: string }
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

/** What a change leaves behind. */
export function changed({ action, name, type, ttlSeconds, value }: RecordChange): Sighting {
  return { recordSets: action === 'DELETE' ? [] : [{ name, type, ttlSeconds, values: [value] }] }
}

/** What must be done about a desired record after a sighting: `compare`, and what Route 53 rejected is refused. */
export function judge(
  desired: DesiredRecord,
  { recordSets, rejected }: Sighting,
): ReturnType<typeof compare> {
  if (rejected?.want === wantText(desired.want)) return { kind: 'refused', reason: rejected.reason }
  return compare(desired, recordSets)
}
