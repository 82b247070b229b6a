import type { AddressChange, Call, CallGroup, HostHistory } from '../history/history.js'
import type { Postgres } from './postgres.js'
import { toJson } from './wanted-rows.js'

/** Calls of a host that were alike, and how long ago the first and the last of them ended. */
export interface NotedCalls extends Call {
  readonly host: string
  readonly times: number
  readonly firstAgeMs: number
  readonly lastAgeMs: number
  /** Whether it may go on with a row of an earlier batch: what is `good` only as the first one of its host in this batch. */
  readonly mayGoOn: boolean
}

/** A record of a host that was written, and how long ago. */
export interface NotedChange extends Omit<AddressChange, 'at'> {
  readonly host: string
  readonly ageMs: number
}

/** The last call of a host that was let in. */
export interface LastCall extends Omit<CallGroup, 'first' | 'times' | 'userAgent' | 'path'> {
  readonly host: string
}

/** What happened, host by host. All throw a PostgresError. */
export interface HistoryTables {
  /** All of it or nothing: who hears that it failed notes it again. */
  note(calls: readonly NotedCalls[], changes: readonly NotedChange[]): Promise<void>
  /** At most `limit` groups of calls, as many refused logins, and as many changes, the latest first. */
  read(host: string, limit: number): Promise<HostHistory>
  /** Of those of `hosts` that have called, in no order. */
  lastCalls(hosts: readonly string[]): Promise<LastCall[]>
  /** Takes out at most `limit` rows of each table that ended longer ago than `days`; how many it took out. */
  prune(days: number, limit: number): Promise<number>
}

/**
 * A call goes on with one of so many rows of its host: whoever updates IPv4 and IPv6 by calls of their own, from two
 * programs, would else fill a row with each. What is `good` goes on with the latest alone, so that the order of addresses stays.
 */
const goesBack = 4

/** Several processes write in batches: the latest call is among the rows that were written last. */
const lastWritten = 8

const ago = (ms: string) => `clock_timestamp() - ${ms} * interval '1 millisecond'`

const noteCallsSql = `
  WITH given AS (
    SELECT g.*, g.outcome = 'wrong-token' AS is_refusal, ${ago('"firstAgeMs"')} AS first, ${ago('"lastAgeMs"')} AS last
    FROM jsonb_to_recordset($1::jsonb) AS g (n integer, host text, caller text, "userAgent" text, path text, outcome text,
      wanted text, reason text, times integer, "firstAgeMs" float8, "lastAgeMs" float8, "mayGoOn" boolean)
  ), continued AS (
    UPDATE dyndns53.calls AS c SET last = greatest(c.last, g.last), times = c.times + g.times
    FROM given AS g, LATERAL (
      SELECT l.id FROM (
        SELECT * FROM dyndns53.calls AS l WHERE l.host = g.host AND l.is_refusal = g.is_refusal
        ORDER BY l.id DESC LIMIT CASE g.outcome WHEN 'good' THEN 1 ELSE ${goesBack} END
      ) AS l
      WHERE l.first > g.last - interval '1 day'
        AND l.outcome = g.outcome AND l.wanted = g.wanted AND l.path = g.path AND l.user_agent = g."userAgent"
        AND l.caller IS NOT DISTINCT FROM g.caller AND l.reason IS NOT DISTINCT FROM g.reason
      ORDER BY l.id DESC LIMIT 1
    ) AS alike
    WHERE c.id = alike.id AND g."mayGoOn"
    RETURNING g.n
  )
  INSERT INTO dyndns53.calls (host, is_refusal, first, last, times, caller, user_agent, path, outcome, wanted, reason)
  SELECT host, is_refusal, first, last, times, caller, "userAgent", path, outcome, wanted, reason
  FROM given WHERE n NOT IN (SELECT n FROM continued) ORDER BY n`

const noteChangesSql = `
  INSERT INTO dyndns53.changes (host, at, type, address)
  SELECT host, ${ago('"ageMs"')}, type, address
  FROM jsonb_to_recordset($1::jsonb) AS g (host text, "ageMs" float8, type text, address text)`

const callColumns = 'first, last, times, caller, user_agent AS "userAgent", path, outcome, wanted, reason'

const callsOf = (isRefusal: boolean) => `(
  SELECT ${callColumns} FROM dyndns53.calls WHERE host = $1 AND is_refusal = ${isRefusal} ORDER BY id DESC LIMIT $2
)`

/** By an array, and not `IN`: of a small table PostgreSQL would else read all, for each step. */
const prune = (table: string, ended: string) => `
  DELETE FROM dyndns53.${table} WHERE id = ANY (ARRAY(
    SELECT id FROM dyndns53.${table} WHERE ${ended} LIMIT $2 FOR UPDATE SKIP LOCKED
  )) RETURNING id`

/** Of a silence only once its calls are gone: their row began up to a day before the last of them, and is kept for one day more. */
const pruneSilencesSql = `
  DELETE FROM dyndns53.silences WHERE host = ANY (ARRAY(
    SELECT host FROM dyndns53.silences WHERE last < now() - ($1 + 3) * interval '1 day' LIMIT $2
  ))`

/** The history in this database. */
export function createHistoryTables(postgres: Postgres): HistoryTables {
  return {
    note: (calls, changes) =>
      postgres.transaction(async (query) => {
        if (calls.length > 0)
          await query(noteCallsSql, [
            toJson(calls.map(({ from: caller, ...call }, n) => ({ ...call, n, caller }))),
          ])
        if (changes.length > 0) await query(noteChangesSql, [toJson(changes)])
      }),
    async read(host, limit) {
      const calls = await postgres.query<CallRow<Omit<CallGroup, CallerAndReason>>>(
        `${callsOf(false)} UNION ALL ${callsOf(true)} ORDER BY last DESC`,
        [host, limit],
      )
      const changes = await postgres.query<Omit<AddressChange, 'address'> & { address: string | null }>(
        'SELECT at, type, address FROM dyndns53.changes WHERE host = $1 ORDER BY at DESC LIMIT $2',
        [host, limit],
      )
      return {
        calls: calls.map(callOf),
        changes: changes.map((row) => ({ ...row, address: row.address ?? undefined })),
      }
    },
    async lastCalls(hosts) {
      const rows = await postgres.query<CallRow<Omit<LastCall, CallerAndReason>>>(
        `SELECT h.host, c.* FROM unnest($1::text[]) AS h (host), LATERAL (
          SELECT * FROM (
            SELECT last, caller, outcome, wanted, reason FROM dyndns53.calls AS l
            WHERE l.host = h.host AND NOT is_refusal ORDER BY id DESC LIMIT ${lastWritten}
          ) AS l ORDER BY last DESC LIMIT 1
        ) AS c`,
        [hosts],
      )
      return rows.map(callOf)
    },
    async prune(days, limit) {
      const before = `now() - $1 * interval '1 day'`
      // A row of calls is open for a day from its first one.
      const calls = prune('calls', `first < ${before} - interval '1 day'`)
      const removed = await postgres.query(calls, [days, limit])
      const changes = await postgres.query(prune('changes', `at < ${before}`), [days, limit])
      await postgres.query(pruneSilencesSql, [days, limit])
      return removed.length + changes.length
    },
  }
}

type CallerAndReason = keyof { from: unknown; reason: unknown }
type CallRow<Row> = Row & { caller: string | null; reason: string | null }

function callOf<Row>({ caller, reason, ...row }: CallRow<Row>) {
  return { ...row, from: caller ?? undefined, reason: reason ?? undefined }
}
