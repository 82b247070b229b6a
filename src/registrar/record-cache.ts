import type { Clock } from '../net/clock.js'
import { isWithin } from '../net/hostname.js'
import type { HeldRecords } from './record.js'

/** What this process itself read in a zone or wrote there lately, by record key. */
export interface RecordCache {
  /** What was held when it was last looked at, if that was within the recheck time and nothing puts it in doubt. */
  get(key: string): HeldRecords | undefined
  put(key: string, held: HeldRecords): void
  forget(key: string): void
  /** The names at or below `domain` at which a record was seen, however long ago; each once. */
  namesWithin(domain: string): string[]
  /** Forgets everything: the zone is gone. */
  clear(): void
  /** A write of this record may have been made, or may still be: nothing is remembered of it for `doubtMs`. */
  doubt(key: string): void
  /** The moment of the clock at which the doubt ends; undefined where there is none. */
  doubtEndsMs(key: string): number | undefined
}

/**
 * How long after its answer was lost a write may still be made. A guess, and a wide one: Route 53 makes a change within
 * seconds of its coming, and our side of the connection is closed.
 */
export const doubtMs = 60_000

/** Remembers each record for `recheckMs` (0: not at all) and at most `limit` of them, dropping the oldest. */
export function createRecordCache(recheckMs: number, limit: number, clock: Clock): RecordCache {
  // Owned here; the Map's order is the order of writing, so the first key is the oldest.
  const entries = new Map<string, { held: HeldRecords; atMs: number }>()
  // Owned here, in the order of their ends; bounded by the writes that can be lost within `doubtMs`.
  const doubts = new Map<string, number>()

  function doubtEndsMs(key: string): number | undefined {
    const endsMs = doubts.get(key)
    if (endsMs === undefined || endsMs > clock.now()) return endsMs
    doubts.delete(key)
    return undefined
  }

  return {
    get(key) {
      const found = entries.get(key)
      return found && clock.now() - found.atMs < recheckMs ? found.held : undefined
    },
    put(key, held) {
      if (recheckMs === 0 || doubtEndsMs(key) !== undefined) return
      entries.delete(key)
      entries.set(key, { held, atMs: clock.now() })
      if (entries.size <= limit) return
      const oldest = entries.keys().next()
      if (!oldest.done) entries.delete(oldest.value)
    },
    forget: (key) => void entries.delete(key),
    namesWithin(domain) {
      const seen = [...entries.values()].flatMap(({ held }) => held.recordSets.map(({ name }) => name))
      return [...new Set(seen)].filter((name) => isWithin(name, domain))
    },
    clear() {
      entries.clear()
      doubts.clear()
    },
    doubt(key) {
      entries.delete(key)
      doubts.delete(key)
      doubts.set(key, clock.now() + doubtMs)
      for (const oldest of doubts.keys()) if (doubtEndsMs(oldest) !== undefined) break
    },
    doubtEndsMs,
  }
}
