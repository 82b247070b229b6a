import type { Clock } from '../net/clock.js'
import { isWithin } from '../net/hostname.js'
import type { HeldRecords } from './record.js'

/** What this process itself read in a zone or wrote there lately, by record key. */
export interface RecordCache {
  /** What was held when it was last looked at, if that is no longer ago than is allowed and nothing puts it in doubt. */
  get(key: string): HeldRecords | undefined
  /** `asOfMs`: when the read of it began (default: now); what was put since then is newer and stays. */
  put(key: string, held: HeldRecords, asOfMs?: number): void
  /** It turned out to be something else: until it is put again, Route 53 must be asked. */
  forget(key: string): void
  /** A write of this record may have been made, or may still be: nothing seen within `doubtMs` is remembered of it. */
  doubt(key: string): void
  /** The moment of the clock at which the doubt ends; undefined where there is none. */
  doubtEndsMs(key: string): number | undefined
  /** Whether the record was forgotten or is in doubt: its absence here says nothing of its absence there. */
  isUnsure(key: string): boolean
  /** The names at or below `domain` at which a record was seen, however long ago; each once. */
  namesWithin(domain: string): string[]
  /** All that is there was seen since this moment: forgets what was last seen before it. */
  dropSeenBefore(ms: number): void
  /** Forgets everything: the zone is gone. */
  clear(): void
}

/**
 * How long after its answer was lost a write may still be made. A guess, and a wide one: Route 53 makes a change within
 * seconds of its coming, and our side of the connection is closed.
 */
export const doubtMs = 60_000

/**
 * Remembers at most `limit` records, dropping the oldest, and tells of each what is no older than `maxAgeMs()`. While that is
 * 0 nothing is told, and what is put counts later: what was remembered before is not told again in its place.
 */
export function createRecordCache(maxAgeMs: () => number, limit: number, clock: Clock): RecordCache {
  // Owned here; the Map's order is the order of writing, so the first key is the oldest. Held undefined: forgotten, and what
  // was seen before `atMs`, which may be still to come, does not count.
  const entries = new Map<string, { held: HeldRecords | undefined; atMs: number }>()
  // Owned here, in the order of their ends; bounded by the writes that can be lost within `doubtMs`.
  const doubts = new Map<string, number>()

  function doubtEndsMs(key: string): number | undefined {
    const endsMs = doubts.get(key)
    if (endsMs === undefined || endsMs > clock.now()) return endsMs
    doubts.delete(key)
    return undefined
  }

  function set(key: string, held: HeldRecords | undefined, atMs: number): void {
    entries.delete(key)
    entries.set(key, { held, atMs })
    if (entries.size <= limit) return
    const oldest = entries.keys().next()
    if (!oldest.done) entries.delete(oldest.value)
  }

  return {
    get(key) {
      const found = entries.get(key)
      return found && clock.now() - found.atMs < maxAgeMs() ? found.held : undefined
    },
    put(key, held, asOfMs = clock.now()) {
      if (asOfMs >= (entries.get(key)?.atMs ?? asOfMs)) set(key, held, asOfMs)
    },
    forget: (key) => set(key, undefined, doubtEndsMs(key) ?? clock.now()),
    doubt(key) {
      const endsMs = clock.now() + doubtMs
      set(key, undefined, endsMs)
      doubts.delete(key)
      doubts.set(key, endsMs)
      for (const oldest of doubts.keys()) if (doubtEndsMs(oldest) !== undefined) break
    },
    doubtEndsMs,
    isUnsure(key) {
      const found = entries.get(key)
      return (found !== undefined && found.held === undefined) || doubtEndsMs(key) !== undefined
    },
    namesWithin(domain) {
      const seen = [...entries.values()].flatMap(({ held }) => held?.recordSets.map(({ name }) => name) ?? [])
      return [...new Set(seen)].filter((name) => isWithin(name, domain))
    },
    dropSeenBefore(ms) {
      for (const [key, { atMs }] of entries) if (atMs < ms) entries.delete(key)
    },
    clear() {
      entries.clear()
      doubts.clear()
    },
  }
}
