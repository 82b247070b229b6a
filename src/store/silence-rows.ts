import type { Postgres } from './postgres.js'
import { toJson } from './wanted-rows.js'

/** A host, and when it called last. */
export interface SilentHost {
  readonly host: string
  readonly last: Date
}

/** Of which silent hosts the owner was told; what the history has forgotten goes with it. All throw a PostgresError. */
export interface SilenceRows {
  /**
   * Those of `silent` whose call is at least `silentMs` ago by the database's clock, and that no process has claimed since that
   * call; they are claimed now, so one process alone tells of them.
   */
  claim(silent: readonly SilentHost[], silentMs: number): Promise<string[]>
}

const claimSql = `
  INSERT INTO dyndns53.silences AS s (host, last)
  SELECT host, last FROM jsonb_to_recordset($1::jsonb) AS g (host text, last timestamptz)
  WHERE last <= clock_timestamp() - $2 * interval '1 millisecond'
  ON CONFLICT (host) DO UPDATE SET last = excluded.last WHERE s.last < excluded.last
  RETURNING host`

/** The silences in this database. */
export function createSilenceRows(postgres: Postgres): SilenceRows {
  return {
    async claim(silent, silentMs) {
      const rows = await postgres.query<{ host: string }>(claimSql, [toJson(silent), silentMs])
      return rows.map(({ host }) => host)
    },
  }
}
