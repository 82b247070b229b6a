import type { PostgresConfig } from '../config/postgres-url.js'
import { createHistoryTables, type HistoryTables } from './history-tables.js'
import { createListener } from './listener.js'
import { createLockoutRows, type LockoutRows } from './lockout-rows.js'
import { migrate } from './migrations.js'
import { createPostgres } from './postgres.js'
import { createPresence, type Presence } from './presence.js'
import { createSilenceRows, type SilenceRows } from './silence-rows.js'
import { channels, createWantedRows, type WantedRows } from './wanted-rows.js'

/** What processes share, in a PostgreSQL: 3 connections at the most. All that asks it throws a PostgresError. */
export interface Store {
  readonly rows: WantedRows
  readonly presence: Presence
  readonly history: HistoryTables
  readonly lockouts: LockoutRows
  readonly silences: SilenceRows
  /** Makes the tables that are missing. */
  migrate(): Promise<void>
  /**
   * Calls `hear` with the object of each notification on this channel, from now on. What is no object is passed over, and so
   * is what `hear` throws at.
   */
  listen(channel: keyof typeof channels, hear: (news: object) => void): void
  close(): Promise<void>
}

/** A store that begins to listen at once, and connects again whenever it must. Throws as createPostgres does. */
export function createStore(config: PostgresConfig): Store {
  const postgres = createPostgres(config)
  const hearers = new Map<string, ((news: object) => void)[]>()
  const listener = createListener(config, Object.values(channels), (channel, payload) => {
    const news = parseObject(payload)
    try {
      if (news) for (const hear of hearers.get(channel) ?? []) hear(news)
    } catch {
      // Anybody in the database can notify, and what it is about is looked up in the tables too.
    }
  })
  return {
    rows: createWantedRows(postgres),
    presence: createPresence(postgres),
    history: createHistoryTables(postgres),
    lockouts: createLockoutRows(postgres),
    silences: createSilenceRows(postgres),
    migrate: () => migrate(postgres),
    listen(channel, hear) {
      hearers.set(channels[channel], [...(hearers.get(channels[channel]) ?? []), hear])
    },
    async close() {
      await listener.close()
      await postgres.close()
    },
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
