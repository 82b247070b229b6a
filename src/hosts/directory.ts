import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type HostDatabase, parseDatabase } from './database.js'
import type { DatabaseStore } from './store.js'
import { StoreError } from './store-fault.js'

/** The server's live copy of the host database. */
export interface HostDirectory {
  /** Undefined until the first load. */
  current(): HostDatabase | undefined
  /**
   * Resolves once the database is loaded, or `signal` aborts. What may mend itself is tried again with growing pauses;
   * throws a StoreError for what cannot.
   */
  load(signal: AbortSignal): Promise<void>
}

const firstPauseMs = 500
const longestPauseMs = 30_000
/** Bad lines logged one by one; a longer list is summed up. */
const maxLoggedProblems = 100

/** A directory that holds nothing yet. */
export function createHostDirectory(store: DatabaseStore, log: Logger): HostDirectory {
  // Owned here, swapped whole by a load.
  let current: HostDatabase | undefined

  async function tryLoad(): Promise<boolean> {
    const { bytes } = await store.read()
    const { database, problems, warnings } = parseDatabase(bytes)
    for (const { line, reason } of warnings.slice(0, maxLoggedProblems)) {
      log.warn({ line, reason }, 'host database: look at this line')
    }
    for (const { line, reason } of problems.slice(0, maxLoggedProblems)) {
      log.error({ line, reason }, 'host database: line left out')
    }
    if (database.size === 0) {
      log.error(
        { problems: problems.length },
        'host database: it has no valid line hostname,token; upload one that has',
      )
      return false
    }
    current = database
    log.info({ hosts: database.size, problems: problems.length }, 'host database loaded')
    return true
  }

  return {
    current: () => current,
    async load(signal) {
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
        try {
          if (await tryLoad()) return
        } catch (error) {
          if (!(error instanceof StoreError) || error.isPermanent) throw error
          log.error({ reason: error.message }, 'host database not loaded yet, will be tried again')
        }
        const aborted = await sleep(pauseMs, false, { signal }).catch(() => true)
        if (aborted) return
      }
    },
  }
}
