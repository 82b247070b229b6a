import type { Logger } from 'pino'
import type { Call, History } from '../history/history.js'
import type { Clock } from '../net/clock.js'
import type { HistoryTables, NotedCalls, NotedChange } from '../store/history-tables.js'
import { within } from './waits.js'

/** What a stored history works with. */
export interface StoredHistoryOptions {
  readonly tables: HistoryTables
  /** Answers while the database is away, with what this process saw. */
  readonly memory: History
  /** How long calls and changes are kept. */
  readonly days: number
  readonly clock: Clock
  readonly log: Logger
}

/** A history that outlives the process, and writes in the background. */
export interface StoredHistory extends History {
  /** Writes what is not written yet, and ends. */
  close(): Promise<void>
}

interface WaitingCalls extends Omit<NotedCalls, 'firstAgeMs' | 'lastAgeMs' | 'mayGoOn'> {
  readonly firstMs: number
  lastMs: number
  times: number
}

/** Calls and changes that wait to be written; beyond, the oldest are dropped. */
const maxWaiting = 10_000
const writeEveryMs = 1000
/** What one statement takes. */
const perStatement = 1000
const pruneEveryMs = 60_000
/** Whoever reads waits no longer. */
const readMs = 2000
/** Rows shown of a host. */
const shown = 30

/** A history in these tables. */
export function createStoredHistory(options: StoredHistoryOptions): StoredHistory {
  const { tables, memory, clock, log } = options
  // Owned here, together at most `maxWaiting`, the oldest first.
  let calls: WaitingCalls[] = []
  let changes: (Omit<NotedChange, 'ageMs'> & { atMs: number })[] = []
  // The last of `calls` of each host, and apart from them of its refused logins; and those that were alike.
  let lastOf = new Map<string, WaitingCalls>()
  let alikeOf = new Map<string, WaitingCalls>()
  let dropped = 0
  let writing: Promise<void> | undefined
  let nextPruneMs = clock.now() + pruneEveryMs

  function makeRoom(): void {
    if (calls.length + changes.length <= maxWaiting) return
    dropped++
    const oldest = calls.shift()
    if (!oldest) {
      changes.shift()
      return
    }
    if (lastOf.get(keyOf(oldest)) === oldest) lastOf.delete(keyOf(oldest))
    if (alikeOf.get(likeness(oldest)) === oldest) alikeOf.delete(likeness(oldest))
  }

  async function write(): Promise<void> {
    const [someCalls, someChanges] = [calls.slice(0, perStatement), changes.slice(0, perStatement)]
    const nowMs = clock.now()
    calls = calls.slice(perStatement)
    changes = changes.slice(perStatement)
    lastOf = new Map()
    alikeOf = new Map()
    const seen = new Set<string>()
    const aged = ({ firstMs, lastMs, ...call }: WaitingCalls): NotedCalls => {
      const mayGoOn = call.outcome !== 'good' || !seen.has(keyOf(call))
      seen.add(keyOf(call))
      return { ...call, firstAgeMs: nowMs - firstMs, lastAgeMs: nowMs - lastMs, mayGoOn }
    }
    try {
      await tables.note(
        someCalls.map(aged),
        someChanges.map(({ atMs, ...change }) => ({ ...change, ageMs: nowMs - atMs })),
      )
    } catch {
      // Whether the database is away is said elsewhere, once.
      calls = [...someCalls, ...calls]
      changes = [...someChanges, ...changes]
      while (calls.length + changes.length > maxWaiting) makeRoom()
      return
    }
    if (dropped > 0) log.warn({ dropped }, 'the history has a gap: PostgreSQL was away for too long')
    dropped = 0
    if (calls.length + changes.length > 0) await write()
  }

  function writeAll(): Promise<void> {
    writing ??= (calls.length + changes.length > 0 ? write() : Promise.resolve()).finally(() => {
      writing = undefined
    })
    return writing
  }

  async function tick(): Promise<void> {
    await writeAll()
    if (clock.now() < nextPruneMs) return
    nextPruneMs = clock.now() + pruneEveryMs
    const removed = await tables.prune(options.days, perStatement).catch(() => 0)
    if (removed >= perStatement) nextPruneMs = clock.now() + writeEveryMs
  }

  const timer = setInterval(() => void tick(), writeEveryMs)
  return {
    since: memory.since,
    noteCall(host, call) {
      memory.noteCall(host, call)
      const ofHost = { ...call, host }
      const alike = alikeOf.get(likeness(ofHost))
      const nowMs = clock.now()
      // The order in which addresses came and went stays.
      if (alike && (call.outcome !== 'good' || lastOf.get(keyOf(ofHost)) === alike)) {
        alike.times++
        alike.lastMs = nowMs
        return
      }
      const noted = { ...ofHost, times: 1, firstMs: nowMs, lastMs: nowMs }
      lastOf.set(keyOf(noted), noted)
      alikeOf.set(likeness(noted), noted)
      calls.push(noted)
      makeRoom()
    },
    noteChange(host, change) {
      memory.noteChange(host, change)
      changes.push({ ...change, host, atMs: clock.now() })
      makeRoom()
    },
    async read(host) {
      const kept = writeAll().then(() => tables.read(host, shown))
      return (await within(readMs, clock, kept).catch(() => undefined)) ?? memory.read(host)
    },
    async close() {
      clearInterval(timer)
      await writeAll()
    },
  }
}

/** Whoever guesses tokens does not break the row of those who have one. */
function keyOf({ host, outcome }: { readonly host: string; readonly outcome: Call['outcome'] }): string {
  return `${outcome === 'wrong-token'} ${host}`
}

function likeness(call: Call & { readonly host: string }): string {
  const { host, outcome, wanted, from, path, userAgent, reason } = call
  return JSON.stringify([host, outcome, wanted, from ?? null, path, userAgent, reason ?? null])
}
