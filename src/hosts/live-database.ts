import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import type { Problem } from './csv.js'
import { compareDatabases, type DatabaseDifference, type HostDatabase, parseDatabase } from './database.js'
import type { DatabaseStore, StoredDatabase } from './store.js'
import { StoreError } from './store-error.js'

/** The server's live copy of the host database. */
export interface LiveDatabase {
  /** The last good version; undefined until the first load. */
  current(): HostDatabase | undefined
  /** The same, but waits for the first load: up to `waitMs`, and not where `load` has ended without one. */
  firstLoad(waitMs: number): Promise<HostDatabase | undefined>
  /**
   * Resolves once the database is loaded, or the service closes. What may mend itself is tried again with pauses that
   * double; throws a StoreError for what cannot.
   */
  load(): Promise<void>
  /** Looks for a new version and swaps it in. Whatever is wrong is logged and leaves the last good one; throws nothing. */
  refresh(): Promise<void>
  /**
   * The database by which is judged what the last good one does not open: a failed login, or another host that a right one
   * names. A new version, if there is one. It is looked for at most once in 5 s,
   * whoever asks; in between, and where S3 has not answered within 5 s, the last good one counts.
   */
  newest(): Promise<HostDatabase | undefined>
  /**
   * When a new version brought the host, or another token for it, by `performance.now()`; undefined where none did since
   * the first load, or 10,000 others were changed since.
   */
  changedAtMs(hostname: string): number | undefined
  /** When S3 last said that `current` is its newest version, by `performance.now()`; undefined until the first load. */
  confirmedAtMs(): number | undefined
}

/** What a live copy works with. */
export interface LiveDatabaseOptions {
  /** Its lines never repeat a token. */
  readonly log: Logger
  /** Told of each version that is in use from now on, and of what cannot be read. */
  readonly publish: Publish
  /** Nobody waits for a load or a look any more once it aborts. */
  readonly closing: AbortSignal
  /** Whether `newest` looks at all. */
  readonly looksForLogins: boolean
}

/** Between the first two tries of `load`. */
const firstLoadPauseMs = 500
/** At the most, between any two. */
const longestLoadPauseMs = 30_000
/** Between the starts of two looks for logins, and the longest wait for one. */
const lookMs = 5000
/** Of at most this many hosts is it remembered when they were changed; beyond, the oldest change is forgotten. */
const maxChangesRemembered = 10_000
/** At most this many bad lines are named in the log; a longer list of hosts is only counted. */
const maxLogged = 100

/** A live copy that holds nothing yet. */
export function createLiveDatabase(
  store: DatabaseStore,
  { log, publish, closing, looksForLogins }: LiveDatabaseOptions,
): LiveDatabase {
  // Owned here; each database is swapped whole by `take`.
  let current: HostDatabase | undefined
  // The version that was looked at last, good or not.
  let etag: string | undefined
  // Whether that is the current one, and when it was last seen to be.
  let isNewest = false
  let confirmedAtMs: number | undefined
  // The one refresh in flight, which every caller meanwhile shares.
  let refreshing: Promise<void> | undefined
  // The start of the last look for a login.
  let lookedAtMs = Number.NEGATIVE_INFINITY
  // When hosts were changed, the oldest change first; written by `take` alone, at most `maxChangesRemembered`.
  const changes = new Map<string, number>()
  // Set once, when `load` or the service ends.
  let isLoadOver = false
  const waiting = createWaiting()

  function endLoad(): void {
    isLoadOver = true
    waiting.endAll()
  }
  closing.addEventListener('abort', endLoad)

  /** Makes a stored version the current one, unless it holds no host; returns whether it did. */
  function take(stored: StoredDatabase): boolean {
    etag = stored.etag
    isNewest = false
    const { database, problems, warnings } = parseDatabase(stored.bytes)
    logLines(warnings, (problem) => log.warn(problem, 'host database: look at this line'))
    logLines(problems, (problem) => log.error(problem, 'host database: line left out'))
    const counts = { hosts: database.size, problems: problems.length }
    if (database.size === 0) {
      const reason = 'it has no valid line hostname,token; upload one that has'
      log.error(counts, `host database: ${reason}`)
      publish({ kind: 'database-unreadable', reason })
      return false
    }
    const difference = current && compareDatabases(current, database)
    log.info({ ...counts, ...(difference && describeDifference(difference)) }, 'host database loaded')
    if (difference) rememberChanges([...difference.added, ...difference.changed])
    current = database
    isNewest = true
    confirmedAtMs = performance.now()
    publish({ kind: 'database-loaded', hosts: database.size, problems })
    return true
  }

  function rememberChanges(hostnames: readonly string[]): void {
    for (const hostname of hostnames.slice(-maxChangesRemembered)) {
      changes.delete(hostname)
      changes.set(hostname, performance.now())
      const [oldest] = changes.keys()
      if (changes.size > maxChangesRemembered && oldest !== undefined) changes.delete(oldest)
    }
  }

  async function lookForNewer(): Promise<void> {
    try {
      const stored = etag === undefined ? await store.read() : await store.readIfChanged(etag)
      if (stored) take(stored)
      else if (isNewest) confirmedAtMs = performance.now()
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      log.error({ reason: error.message }, 'host database not refreshed, the last good one stays')
      publish({ kind: 'database-unreadable', reason: error.message })
    }
  }

  async function load(): Promise<void> {
    for (
      let pauseMs = firstLoadPauseMs;
      !closing.aborted;
      pauseMs = Math.min(longestLoadPauseMs, 2 * pauseMs)
    ) {
      try {
        if (take(await store.read())) return
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        publish({ kind: 'database-unreadable', reason: error.message })
        if (error.kind !== 'passing') throw error
        log.error({ reason: error.message }, 'host database not loaded yet, will be tried again')
      }
      await sleep(pauseMs, undefined, { signal: closing }).catch(() => {})
    }
  }

  function refresh(): Promise<void> {
    refreshing ??= lookForNewer().finally(() => {
      refreshing = undefined
      waiting.endAll()
    })
    return refreshing
  }

  return {
    current: () => current,
    async firstLoad(waitMs) {
      if (!isLoadOver) await waiting.wait(waitMs)
      return current
    },
    load: () => load().finally(endLoad),
    refresh,
    async newest() {
      const isDue = looksForLogins && performance.now() - lookedAtMs >= lookMs
      if (closing.aborted || !(refreshing || isDue)) return current
      if (isDue) lookedAtMs = performance.now()
      void refresh()
      await waiting.wait(lookMs)
      return current
    },
    changedAtMs: (hostname) => changes.get(hostname),
    confirmedAtMs: () => confirmedAtMs,
  }
}

/** Those who wait for the same thing to end. */
interface Waiting {
  /** Resolves at the next `endAll`, or after `ms`; then nothing is kept of it. */
  wait(ms: number): Promise<void>
  endAll(): void
}

function createWaiting(): Waiting {
  // Bounded by those who call `wait`.
  const waiters = new Set<() => void>()
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiters.delete(end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        waiters.add(end)
      }),
    endAll() {
      for (const end of waiters) end()
    },
  }
}

function logLines(problems: readonly Problem[], logOne: (problem: Problem) => void): void {
  for (const problem of problems.slice(0, maxLogged)) logOne(problem)
}

/** Names of the hosts that came, went or got another token; only how many where there are more than `maxLogged`. */
function describeDifference({
  added,
  removed,
  changed,
}: DatabaseDifference): Record<string, readonly string[] | number> {
  const entries = Object.entries({ added, removed, changed })
  return Object.fromEntries(
    entries.map(([kind, names]) => [kind, names.length > maxLogged ? names.length : names]),
  )
}
