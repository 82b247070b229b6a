import type { Postgres } from './postgres.js'

/** A record, or one value of a set of values, that somebody asks for. */
export interface Ask {
  readonly name: string
  readonly type: string
  /** The value where the record is a set of them; else empty. */
  readonly item: string
  /** What it shall be, as JSON; of equal targets, `droppable` alone may differ. */
  readonly target: object
  readonly ttlSeconds: number
}

/** An ask and how long ago it was made, in milliseconds. */
export interface AgedAsk extends Ask {
  readonly ageMs: number
}

/** An ask as it is kept. */
export interface WantedRow extends Ask {
  /** Stays as long as the row. */
  readonly id: number
  /** Those who asked from this number on, asked for this very target. */
  readonly firstSeq: number
  /** Grows with each ask, whichever process it came to. */
  readonly seq: number
}

/** What became of the row `id` as it was up to the ask `seq`; who asked before `firstSeq` asked for something else. */
export interface RowOutcome {
  readonly id: number
  readonly firstSeq: number
  readonly seq: number
  /** Undefined: not known yet. */
  readonly outcome: object | undefined
}

/** The table of what is wanted, which every process writes and the holder of the lease works off. All throw a PostgresError. */
export interface WantedRows {
  /**
   * Writes asks, each row at most once, and notifies the others; returns the rows as they are then. An ask that is older than
   * what its row holds does not change that. It opens the row anew, as whoever comes late with it may have written it.
   */
  ask(sender: string, asks: readonly AgedAsk[]): Promise<WantedRow[]>
  /** At most `limit` rows that are not settled, from those asked for after `seq`. */
  readOpen(seq: number, limit: number): Promise<WantedRow[]>
  /** Tells all processes what became of rows, and notes it where that is final; false, and nothing is done, without the lease. */
  settle(
    lease: { holder: string; epoch: number },
    outcomes: readonly (RowOutcome & { isFinal: boolean })[],
  ): Promise<boolean>
  /** What is known of these rows. */
  readOutcomes(ids: readonly number[]): Promise<RowOutcome[]>
  /** Takes out what nobody asked for during `ageMs` and is not settled. */
  dropForgotten(ageMs: number): Promise<WantedRow[]>
  /**
   * Takes out what was settled so long ago that no older ask comes any more: an ask is kept for `ageMs` at the most. A bounded
   * part of it: what is left goes the next time.
   */
  pruneSettled(ageMs: number): Promise<void>
}

/** The channels on which processes notify each other. */
export const channels = {
  wanted: 'dyndns53_wanted',
  outcomes: 'dyndns53_outcomes',
  lease: 'dyndns53_lease',
  lockouts: 'dyndns53_lockouts',
} as const

/** PostgreSQL takes less than 8,000 bytes in a notification; what is longer is found in the table. */
const maxPayload = 7900
/** How much longer a settled row stays than an ask is kept, in milliseconds. */
const keptSettledMs = 15 * 60_000

/** Rows that are taken out at once. */
const maxPruned = 5000

const columns =
  'w.id::float8 AS id, w.first_seq::float8 AS "firstSeq", w.seq::float8 AS seq, w.name, w.type, w.item, w.target, w.ttl AS "ttlSeconds"'
/** Whether a row that is there wants the same as what is proposed, and whether it stays as it is. */
const isSame = `w.ttl = excluded.ttl AND w.target - 'droppable' = excluded.target - 'droppable'`
const stays = `((${isSame}) OR w.asked_at > excluded.asked_at)`
const goesOn = `w.outcome IS NULL AND ${stays}`

const askSql = `
  WITH written AS (
    INSERT INTO dyndns53.wanted AS w (name, type, item, target, ttl, id, first_seq, seq, since, asked_at)
    SELECT name, type, item, target, ttl, s, s, s, at, at FROM (
      SELECT a.*, nextval('dyndns53.asks') AS s, clock_timestamp() - a.age_ms * interval '1 millisecond' AS at
      FROM jsonb_to_recordset($2::jsonb) AS a (name text, type text, item text, target jsonb, ttl integer, age_ms float8)
      -- In one order in every process: two batches never wait for each other.
      ORDER BY name, type, item
    ) AS asked
    ON CONFLICT (name, type, item) DO UPDATE SET
      target = CASE WHEN ${stays} AND NOT (${isSame}) THEN w.target ELSE excluded.target END,
      ttl = CASE WHEN ${stays} THEN w.ttl ELSE excluded.ttl END,
      seq = excluded.seq, outcome = NULL, settled_at = NULL,
      first_seq = CASE WHEN ${goesOn} THEN w.first_seq ELSE excluded.seq END,
      since = CASE WHEN ${goesOn} THEN w.since ELSE excluded.since END,
      asked_at = greatest(w.asked_at, excluded.asked_at)
    RETURNING ${columns}
  ), payloads AS (
    SELECT json_build_object('sender', $1::text, 'row', row_to_json(written))::text AS payload FROM written
  ), notified AS (
    SELECT count(pg_notify('${channels.wanted}', payload)) FROM payloads WHERE octet_length(payload) < ${maxPayload}
  )
  SELECT written.* FROM written, notified`

const settleSql = `
  WITH held AS (
    SELECT 1 FROM dyndns53.lease WHERE holder = $1 AND epoch = $2 FOR SHARE
  ), said AS (
    SELECT * FROM jsonb_to_recordset($3::jsonb)
      AS s (id bigint, "firstSeq" bigint, seq bigint, outcome jsonb, "isFinal" boolean)
    WHERE EXISTS (SELECT 1 FROM held)
  ), settled AS (
    UPDATE dyndns53.wanted AS w SET outcome = said.outcome, settled_at = now()
    FROM said WHERE w.id = said.id AND w.seq <= said.seq AND said."isFinal"
  ), payloads AS (
    SELECT json_build_object('id', id, 'firstSeq', "firstSeq", 'seq', seq, 'outcome', outcome)::text AS payload FROM said
  ), notified AS (
    SELECT count(pg_notify('${channels.outcomes}', payload)) FROM payloads WHERE octet_length(payload) < ${maxPayload}
  )
  SELECT EXISTS (SELECT 1 FROM held) AS "isHeld", notified.* FROM notified`

/** The rows in this database. */
export function createWantedRows(postgres: Postgres): WantedRows {
  return {
    ask(sender, asks) {
      const rows = asks.map(({ ttlSeconds, ageMs, ...ask }) => ({ ...ask, ttl: ttlSeconds, age_ms: ageMs }))
      return postgres.query(askSql, [sender, toJson(rows)])
    },
    readOpen: (seq, limit) =>
      postgres.query(
        `SELECT ${columns} FROM dyndns53.wanted AS w WHERE outcome IS NULL AND seq > $1 ORDER BY seq LIMIT $2`,
        [seq, limit],
      ),
    async settle({ holder, epoch }, outcomes) {
      const [row] = await postgres.query<{ isHeld: boolean }>(settleSql, [holder, epoch, toJson(outcomes)])
      return row?.isHeld ?? false
    },
    async readOutcomes(ids) {
      const rows = await postgres.query<RowOutcome & { outcome: object | null }>(
        'SELECT id::float8 AS id, first_seq::float8 AS "firstSeq", seq::float8 AS seq, outcome FROM dyndns53.wanted WHERE id = ANY ($1::bigint[])',
        [ids],
      )
      return rows.map((row) => ({ ...row, outcome: row.outcome ?? undefined }))
    },
    dropForgotten: (ageMs) =>
      postgres.query(
        `DELETE FROM dyndns53.wanted AS w WHERE outcome IS NULL AND asked_at < now() - $1 * interval '1 millisecond' RETURNING ${columns}`,
        [ageMs],
      ),
    async pruneSettled(ageMs) {
      const isOld = `settled_at < now() - $1 * interval '1 millisecond'`
      await postgres.query(
        // Said twice: a row that is opened anew in between stays.
        `DELETE FROM dyndns53.wanted WHERE ${isOld} AND id IN (SELECT id FROM dyndns53.wanted WHERE ${isOld} LIMIT ${maxPruned})`,
        [ageMs + keptSettledMs],
      )
    },
  }
}

/** JSON without what PostgreSQL does not take: a NUL, and half of a surrogate pair. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.replace(/[\0\p{Cs}]/gu, '') : part,
  )
}
