import type { Postgres } from './postgres.js'
import { channels } from './wanted-rows.js'

/** What a process learns when it says that it is there. */
export interface Beat {
  /** Its epoch if it holds the lease now: a number that no other holder had. */
  readonly epoch: number | undefined
  /** Other processes that are there. */
  readonly others: number
  /** Other processes that were there lately and have not left: each may be cut off, and write by itself. */
  readonly missing: number
}

/** Who is there, and who of them writes: one at a time, by a lease that ends by the database's clock. All throw a PostgresError. */
export interface Presence {
  /** Says that `process` is there; renews its lease, or takes one that has ended. */
  beat(process: string): Promise<Beat>
  /** Leaves, and hands the lease over where it is this process's. */
  leave(process: string): Promise<void>
}

/** How long a lease lasts from the moment at which it was asked for, in milliseconds. */
export const leaseMs = 15_000
/** A process that was not seen for this long is missing. */
export const presenceMs = 5000
/** One that is missing for longer has ended, and is not thought to write any more. */
const missingMs = 120_000

const beatSql = `
  WITH seen AS (
    INSERT INTO dyndns53.processes (id, seen_at) VALUES ($1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()
  ), held AS (
    INSERT INTO dyndns53.lease AS l (id, holder, epoch, expires_at)
    VALUES (1, $1, 1, clock_timestamp() + ${leaseMs} * interval '1 millisecond')
    ON CONFLICT (id) DO UPDATE SET
      holder = $1,
      epoch = CASE WHEN l.holder = $1 AND l.expires_at > clock_timestamp() THEN l.epoch ELSE l.epoch + 1 END,
      expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    WHERE l.holder = $1 OR l.expires_at <= clock_timestamp()
    RETURNING l.epoch
  ), ages AS (
    SELECT clock_timestamp() - seen_at AS age FROM dyndns53.processes WHERE id <> $1
  )
  SELECT (SELECT epoch::float8 FROM held) AS epoch,
    count(*) FILTER (WHERE age <= ${presenceMs} * interval '1 millisecond')::integer AS others,
    count(*) FILTER (WHERE age > ${presenceMs} * interval '1 millisecond' AND age <= ${missingMs} * interval '1 millisecond')::integer AS missing
  FROM ages`

const leaveSql = `
  WITH gone AS (
    DELETE FROM dyndns53.processes WHERE id = $1 OR seen_at < now() - ${2 * missingMs} * interval '1 millisecond'
  ), freed AS (
    UPDATE dyndns53.lease SET expires_at = clock_timestamp() WHERE holder = $1 RETURNING 1
  )
  SELECT count(pg_notify('${channels.lease}', '{}')) FROM freed`

/** The processes that share this database. */
export function createPresence(postgres: Postgres): Presence {
  return {
    async beat(process) {
      const [row] = await postgres.query<{ epoch: number | null; others: number; missing: number }>(beatSql, [
        process,
      ])
      return { epoch: row?.epoch ?? undefined, others: row?.others ?? 0, missing: row?.missing ?? 0 }
    },
    async leave(process) {
      await postgres.query(leaveSql, [process])
    },
  }
}
