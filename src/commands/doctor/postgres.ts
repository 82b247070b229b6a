import type { PostgresConfig } from '../../config/postgres-url.js'
import { readHealth } from '../../store/health.js'
import { PostgresError } from '../../store/postgres.js'
import { failed, ok, type Verdict, warning } from './finding.js'

/** The oldest PostgreSQL that has all that is used. */
const oldestVersion = 13
const maxSkewSeconds = 60

/** As it was connected to: what DATABASE_URL asks for is never given up. */
const encryption: Readonly<Record<PostgresConfig['tls'], string>> = {
  none: 'not encrypted',
  unverified: 'encrypted, and its certificate is not looked at',
  'same-root': 'encrypted, by a certificate of the root that sslrootcert names',
  verified: "encrypted, by the host's own certificate",
}

/** Whether the PostgreSQL can be reached, is new enough, has the tables, and has connections left. */
export async function checkPostgres(config: PostgresConfig): Promise<Verdict[]> {
  try {
    const health = await readHealth(config)
    const { version, tables, neededTables, skewSeconds, connections, maxConnections } = health
    const verdicts = [
      ok(
        `PostgreSQL ${version} answers, and ${connections} of its ${maxConnections} connections are in use; ${encryption[config.tls]}`,
      ),
    ]
    if (Number.parseInt(version, 10) < oldestVersion)
      verdicts.push(failed(`PostgreSQL ${version} is too old: the service needs ${oldestVersion} or newer`))
    if (tables < neededTables)
      verdicts.push(
        warning(
          `the tables are of version ${tables} and not ${neededTables}: the service makes them when it starts`,
        ),
      )
    if (Math.abs(skewSeconds) > maxSkewSeconds)
      verdicts.push(
        warning(`its clock is ${Math.round(skewSeconds)} s from the one of this machine: set both by NTP`),
      )
    if (maxConnections - connections < 6)
      verdicts.push(
        warning(
          'few connections are left: a process of the service uses 3, and twice as many while a new version starts',
        ),
      )
    return verdicts
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error
    const meaning = 'the service goes on without it, each process alone'
    return [failed(`PostgreSQL cannot be asked (${error.message}): check DATABASE_URL; ${meaning}`)]
  }
}
