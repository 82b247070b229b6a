import type { Postgres } from './postgres.js'

/** In their order; one that was released is never changed, and each leaves the older version of the service at work. */
const migrations: readonly string[] = [
  `
  CREATE SEQUENCE dyndns53.asks;

  -- One row for each record that is wanted, and for each value of a set of values; it stays a while after it is settled.
  CREATE TABLE dyndns53.wanted (
    name text NOT NULL,
    type text NOT NULL,
    item text NOT NULL,
    target jsonb NOT NULL,
    ttl integer NOT NULL,
    id bigint NOT NULL,
    first_seq bigint NOT NULL,
    seq bigint NOT NULL,
    since timestamptz NOT NULL,
    asked_at timestamptz NOT NULL,
    outcome jsonb,
    settled_at timestamptz,
    PRIMARY KEY (name, type, item)
  );
  CREATE UNIQUE INDEX wanted_id ON dyndns53.wanted (id);
  CREATE INDEX wanted_open ON dyndns53.wanted (seq) WHERE outcome IS NULL;
  CREATE INDEX wanted_settled ON dyndns53.wanted (settled_at) WHERE settled_at IS NOT NULL;

  CREATE TABLE dyndns53.lease (
    id integer PRIMARY KEY CHECK (id = 1),
    holder text NOT NULL,
    epoch bigint NOT NULL,
    expires_at timestamptz NOT NULL
  );
  CREATE TABLE dyndns53.processes (
    id text PRIMARY KEY,
    seen_at timestamptz NOT NULL
  );
  `,
  `
  -- Calls that were alike, within a day. Of an old row only \`last\` and \`times\` change, which no index has.
  CREATE TABLE dyndns53.calls (
    id bigserial PRIMARY KEY,
    host text NOT NULL,
    is_refusal boolean NOT NULL,
    first timestamptz NOT NULL,
    last timestamptz NOT NULL,
    times integer NOT NULL,
    caller text,
    user_agent text NOT NULL,
    path text NOT NULL,
    outcome text NOT NULL,
    wanted text NOT NULL,
    reason text
  );
  CREATE INDEX calls_host ON dyndns53.calls (host, is_refusal, id DESC);
  CREATE INDEX calls_first ON dyndns53.calls (first);
  CREATE TABLE dyndns53.changes (
    id bigserial PRIMARY KEY,
    host text NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    address text
  );
  CREATE INDEX changes_host ON dyndns53.changes (host, at DESC);
  CREATE INDEX changes_at ON dyndns53.changes (at);
  `,
  `
  -- Failed logins by the IPv4 address or IPv6 /64 that they came from.
  CREATE TABLE dyndns53.lockouts (
    place text PRIMARY KEY,
    failures integer NOT NULL,
    ends_at timestamptz NOT NULL
  );
  `,
  `
  -- Hosts of which somebody has told that they are silent since that call.
  CREATE TABLE dyndns53.silences (
    host text PRIMARY KEY,
    last timestamptz NOT NULL
  );
  `,
]

/** The version that this code needs. */
export const newestVersion = migrations.length

/** The lock under which tables are made; any number that nobody else takes. */
const migrationLock = 5353_0001

/** Brings the tables to the newest version, one process at a time; those of a newer version stay. Throws a PostgresError. */
export function migrate(postgres: Postgres): Promise<void> {
  return postgres.transaction(async (query) => {
    await query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    await query('CREATE SCHEMA IF NOT EXISTS dyndns53')
    await query(
      'CREATE TABLE IF NOT EXISTS dyndns53.migrations (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
    )
    const version = await readVersion(query)
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue
      await query(sql)
      await query('INSERT INTO dyndns53.migrations (version) VALUES ($1)', [index + 1])
    }
  })
}

/** The version of the tables; 0: there are none yet. */
export async function readVersion(query: Postgres['query']): Promise<number> {
  const [row] = await query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM dyndns53.migrations',
  )
  return row?.version ?? 0
}
