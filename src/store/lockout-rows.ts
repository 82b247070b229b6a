import type { Postgres } from './postgres.js'
import { channels, toJson } from './wanted-rows.js'

/** Failed logins from a place. */
export interface Failures {
  readonly place: string
  readonly failures: number
}

/** The failed logins that all processes count. All throw a PostgresError. */
export interface LockoutRows {
  /** Adds failures, each place once, and notifies the others; a count ends `seconds` after its first failure. */
  add(sender: string, failures: readonly Failures[], seconds: number): Promise<void>
  /** What is counted now, and for how long yet. */
  read(): Promise<(Failures & { leftMs: number })[]>
}

const addSql = `
  WITH given AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS g (place text, failures integer)
  ), ended AS (
    -- Those that another process takes out or counts just now are left to it: two never wait for each other.
    DELETE FROM dyndns53.lockouts WHERE place IN (
      SELECT place FROM dyndns53.lockouts WHERE ends_at <= now() AND place NOT IN (SELECT place FROM given)
      LIMIT 1000 FOR UPDATE SKIP LOCKED)
  ), written AS (
    INSERT INTO dyndns53.lockouts AS l (place, failures, ends_at)
    SELECT place, failures, now() + $3 * interval '1 second' FROM given ORDER BY place
    ON CONFLICT (place) DO UPDATE SET
      failures = CASE WHEN l.ends_at > now() THEN l.failures ELSE 0 END + excluded.failures,
      ends_at = CASE WHEN l.ends_at > now() THEN l.ends_at ELSE excluded.ends_at END
  )
  SELECT count(pg_notify('${channels.lockouts}',
    json_build_object('sender', $1::text, 'place', place, 'failures', failures)::text)) FROM given`

/** The rows in this database. */
export function createLockoutRows(postgres: Postgres): LockoutRows {
  return {
    async add(sender, failures, seconds) {
      await postgres.query(addSql, [sender, toJson(failures), seconds])
    },
    read: () =>
      postgres.query(
        `SELECT place, failures, (extract(epoch FROM ends_at - now()) * 1000)::float8 AS "leftMs"
         FROM dyndns53.lockouts WHERE ends_at > now() ORDER BY ends_at DESC LIMIT 10000`,
      ),
  }
}
