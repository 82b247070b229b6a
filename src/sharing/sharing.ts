import type { PostgresConfig } from '../config/postgres-url.js'
import { createMemoryHistory } from '../history/memory-history.js'
import type { RegistrarOptions } from '../registrar/registrar.js'
import type { HistoryTables } from '../store/history-tables.js'
import type { SilenceRows } from '../store/silence-rows.js'
import { createStore } from '../store/store.js'
import { createSharedLockouts, type SharedLockouts } from './shared-lockouts.js'
import { createSharedRegistrar, type SharedRegistrar } from './shared-registrar.js'
import { createStoredHistory, type StoredHistory } from './stored-history.js'

/** What processes share by way of a PostgreSQL. */
export interface Sharing {
  readonly registrar: SharedRegistrar
  readonly history: StoredHistory
  readonly lockouts: SharedLockouts
  readonly silences: SharedSilences
  /** To be called when the last request is answered, after the registrar is closed. */
  close(): Promise<void>
}

/** What is known of hosts that may be silent. All throw a PostgresError. */
export type SharedSilences = Pick<HistoryTables, 'lastCalls'> & Pick<SilenceRows, 'claim'>

/** Connects at once, and again whenever it must. Throws a PostgresError where a certificate that the URL names cannot be read. */
export function createSharing(
  options: RegistrarOptions,
  postgres: PostgresConfig,
  { historyDays, lockoutSeconds }: { readonly historyDays: number; readonly lockoutSeconds: number },
): Sharing {
  const { clock, log } = options
  const store = createStore(postgres)
  const history = createStoredHistory({
    tables: store.history,
    memory: createMemoryHistory(),
    days: historyDays,
    clock,
    log,
  })
  const lockouts = createSharedLockouts(store, lockoutSeconds)
  return {
    lockouts,
    silences: { lastCalls: store.history.lastCalls, claim: store.silences.claim },
    registrar: createSharedRegistrar({ ...options, store }),
    history,
    async close() {
      lockouts.close()
      await history.close()
      await store.close()
    },
  }
}
