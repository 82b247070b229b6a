import type { PostgresConfig } from '../config/postgres-url.js'
import { newestVersion, readVersion } from './migrations.js'
import { createPostgres, PostgresError } from './postgres.js'

/** What a PostgreSQL says of itself. */
export interface Health {
  /** Such as 15.4. */
  readonly version: string
  /** The version of the service's tables, 0 where there are none, and the one that this code needs. */
  readonly tables: number
  readonly neededTables: number
  /** How far its clock is ahead of this machine's. */
  readonly skewSeconds: number
  readonly connections: number
  readonly maxConnections: number
}

const healthSql = `
  SELECT current_setting('server_version') AS version,
    extract(epoch FROM clock_timestamp())::float8 AS seconds,
    (SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
    current_setting('max_connections')::integer AS "maxConnections"`

/** Asks it, and nothing is changed. Throws a PostgresError. */
export async function readHealth(config: PostgresConfig): Promise<Health> {
  const postgres = createPostgres(config)
  try {
    const [row] = await postgres.query<{
      version: string
      seconds: number
      connections: number
      maxConnections: number
    }>(healthSql)
    if (!row) throw new PostgresError('it answered without a row')
    const { seconds, version, ...connections } = row
    const tables = await readVersion(postgres.query).catch(() => 0)
    return {
      ...connections,
      version: version.split(' ')[0] ?? version,
      tables,
      neededTables: newestVersion,
      skewSeconds: seconds - Date.now() / 1000,
    }
  } finally {
    await postgres.close()
  }
}
