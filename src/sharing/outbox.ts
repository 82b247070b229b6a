import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../net/clock.js'
import type { AgedAsk, Ask, WantedRow } from '../store/wanted-rows.js'
import { rowKey } from './asks.js'

/** What became of an ask: its row, `superseded` by a newer one for something else, or `away`, as it cannot be written now. */
export type Written = WantedRow | 'superseded' | 'away'

interface Entry {
  readonly ask: Ask
  /** When it was asked for last. */
  readonly askedMs: number
  readonly worker: object | undefined
  readonly tell: ((written: Written) => void)[]
}

/** Asks that are not in the database yet. While it is away they stay here, to be written when it is back. */
export interface Outbox {
  readonly size: number
  /**
   * Adds an ask that was made at `askedMs` of the clock, and resolves once it is written or cannot be. `worker`: who works on
   * it in this process already.
   */
  add(ask: Ask, askedMs: number, worker?: object): Promise<Written>
  /** Whether an ask for this row is still here, or on its way to the database. */
  has(key: string): boolean
  /**
   * Writes what is here with one statement of `write`. `onWritten` is told of each row, and who works already on what the row
   * holds now, before those who wait are. Throws what `write` throws, and keeps all of it then.
   */
  flush(
    write: (asks: AgedAsk[]) => Promise<WantedRow[]>,
    onWritten?: (row: WantedRow, worker: object | undefined) => void,
  ): Promise<void>
  /** Lets nobody wait any more; what is here stays. */
  abandon(): void
  /** Forgets what was asked for longer ago than this. */
  dropOlderThan(ageMs: number): void
}

/** An empty outbox of at most `limit` rows; beyond, the oldest is forgotten. */
export function createOutbox(clock: Clock, limit: number): Outbox {
  // Owned here, at most `limit`, one for each row: the newest ask.
  let waiting = new Map<string, Entry>()
  let onTheirWay: ReadonlyMap<string, Entry> = new Map()

  function put(key: string, entry: Entry): void {
    const older = waiting.get(key)
    waiting.delete(key)
    if (older && isSame(older.ask, entry.ask)) {
      const askedMs = Math.max(older.askedMs, entry.askedMs)
      const worker = entry.worker ?? older.worker
      waiting.set(key, { ask: entry.ask, askedMs, worker, tell: [...older.tell, ...entry.tell] })
      return
    }
    waiting.set(key, entry)
    tell(older, 'superseded')
    const [oldest] = waiting
    if (waiting.size <= limit || !oldest) return
    waiting.delete(oldest[0])
    tell(oldest[1], 'away')
  }

  /** What could not be written stays, unless something newer was asked for meanwhile. */
  function keep(entries: ReadonlyMap<string, Entry>): void {
    const newer = waiting
    waiting = new Map(entries)
    for (const [key, entry] of newer) put(key, entry)
  }

  return {
    get size() {
      return waiting.size + onTheirWay.size
    },
    add: (ask, askedMs, worker) =>
      new Promise((resolve) => put(rowKey(ask), { ask, askedMs, worker, tell: [resolve] })),
    has: (key) => waiting.has(key) || onTheirWay.has(key),
    async flush(write, onWritten = () => {}) {
      const entries = waiting
      if (entries.size === 0) return
      waiting = new Map()
      onTheirWay = entries
      try {
        const rows = await write(
          [...entries.values()].map(({ ask, askedMs }) => ({ ...ask, ageMs: clock.now() - askedMs })),
        )
        const written = new Map(rows.map((row) => [rowKey(row), row]))
        for (const [key, entry] of entries) {
          const row = written.get(key)
          const isAsked = row !== undefined && isSame(row, entry.ask)
          if (row) onWritten(row, isAsked ? entry.worker : undefined)
          tell(entry, isAsked ? row : 'superseded')
        }
      } catch (error) {
        keep(entries)
        throw error
      } finally {
        onTheirWay = new Map()
      }
    },
    abandon() {
      for (const entry of [...waiting.values(), ...onTheirWay.values()]) tell(entry, 'away')
    },
    dropOlderThan(ageMs) {
      for (const [key, { askedMs }] of waiting) if (clock.now() - askedMs > ageMs) waiting.delete(key)
    },
  }
}

function tell(entry: Entry | undefined, written: Written): void {
  for (const resolve of entry?.tell.splice(0) ?? []) resolve(written)
}

/** As the table sees it: what may be dropped for a value is no part of what is wanted. */
function isSame(a: Ask, b: Ask): boolean {
  return a.ttlSeconds === b.ttlSeconds && isDeepStrictEqual(wish(a.target), wish(b.target))
}

function wish(target: object): object {
  return { ...target, droppable: undefined }
}
