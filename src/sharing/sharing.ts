import type { PostgresConfig } from '../config.js'
import { createMemoryHistory } from '../history/memory-history.js'
import type { RegistrarOptions } from '../registrar/registrar.js'
import { createStore } from '../store/store.js'
import { createSharedLockouts, type SharedLockouts } from './shared-lockouts.js'
import { createSharedRegistrar, type SharedRegistrar } from './shared-registrar.js'
import { createStoredHistory, type StoredHistory } from './stored-history.js'

/** What processes share by way of a PostgreSQL. */
export interface Sharing {
  readonly registrar: SharedRegistrar
  readonly history: StoredHistory
  readonly lockouts: SharedLockouts
  /** To be called when the last request is answered, after the registrar is closed. */
  close(): Promise<void>
}

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
    registrar: createSharedRegistrar({ ...options, store }),
    history,
    async close() {
      lockouts.close()
      await history.close()
      await store.close()
    },
  }
}
