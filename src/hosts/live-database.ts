import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type HostDatabase, parseDatabase } from './database.js'
import { compareDatabases } from './difference.js'
import type { Problem } from './host-rows.js'
import type { DatabaseStore, StoredDatabase } from './store.js'
import { StoreError } from './store-error.js'

/** The server's live copy of the host database. */
export interface HostDirectory {
  /** Undefined until the first load. */
  current(): HostDatabase | undefined
  /**
   * Resolves once the database is loaded, or `signal` aborts. What may mend itself is tried again with growing pauses;
   * throws a StoreError for what cannot.
   */
  load(signal: AbortSignal): Promise<void>
  /** Looks for a new version and swaps it in. Whatever is wrong is logged and leaves the last good one; throws nothing. */
  refresh(): Promise<void>
}

const firstPauseMs = 500
const longestPauseMs = 30_000
/** Lines, or hosts, named one by one in the log; a longer list is only counted. */
const maxNamed = 100

/** A directory that holds nothing yet. */
export function createHostDirectory(store: DatabaseStore, log: Logger): HostDirectory {
  // Owned here, swapped whole by `take`. `etag` is the version looked at last, good or not.
  let current: HostDatabase | undefined
  let etag: string | undefined
  let refreshing: Promise<void> | undefined

  /** Makes a stored version the current one, unless it holds no host; returns whether it did. */
  function take(stored: StoredDatabase): boolean {
    etag = stored.etag
    const { database, problems, warnings } = parseDatabase(stored.bytes)
    logLines(warnings, (problem) => log.warn(problem, 'host database: look at this line'))
    logLines(problems, (problem) => log.error(problem, 'host database: line left out'))
    const counts = { hosts: database.size, problems: problems.length }
    if (database.size === 0) {
      log.error(counts, 'host database: it has no valid line hostname,token; upload one that has')
      return false
    }
    log.info(current ? { ...counts, ...named(current, database) } : counts, 'host database loaded')
    current = database
    return true
  }

  async function lookForNewer(): Promise<void> {
    try {
      const stored = etag === undefined ? await store.read() : await store.readIfChanged(etag)
      if (stored) take(stored)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      log.error({ reason: error.message }, 'host database not refreshed, the last good one stays')
    }
  }

  return {
    current: () => current,
    async load(signal) {
      for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
        try {
          if (take(await store.read())) return
        } catch (error) {
          if (!(error instanceof StoreError) || error.kind !== 'passing') throw error
          log.error({ reason: error.message }, 'host database not loaded yet, will be tried again')
        }
        await sleep(pauseMs, undefined, { signal }).catch(() => {})
      }
    },
    refresh() {
      refreshing ??= lookForNewer().finally(() => {
        refreshing = undefined
      })
      return refreshing
    },
  }
}

function logLines(problems: readonly Problem[], logOne: (problem: Problem) => void): void {
  for (const problem of problems.slice(0, maxNamed)) logOne(problem)
}

function named(before: HostDatabase, after: HostDatabase): Record<string, readonly string[] | number> {
  const { added, removed, changed } = compareDatabases(before, after)
  const entries = Object.entries({ added, removed, changed })
  return Object.fromEntries(
    entries.map(([kind, names]) => [kind, names.length > maxNamed ? names.length : names]),
  )
}
