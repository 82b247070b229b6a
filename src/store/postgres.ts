import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type ConnectionOptions, createSecureContext } from 'node:tls'
import type pg from 'pg'
import type { PostgresConfig } from '../config/postgres-url.js'

// Commands that need no PostgreSQL need not wait for it.
const require = createRequire(import.meta.url)
const loadPg = (): typeof import('pg') => require('pg')

/** Statements to PostgreSQL, on at most `maxConnections` connections; each is bounded in time. All throw a PostgresError. */
export interface Postgres {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** Runs several statements on one connection, in a transaction. */
  transaction<T>(run: (query: Postgres['query']) => Promise<T>): Promise<T>
  /** Connections in use, those idle included. */
  readonly connections: number
  close(): Promise<void>
}

/** What went wrong, without the URL. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError'

  /** `thrown` is what `pg` threw. */
  constructor(thrown: unknown) {
    super(describe(thrown))
  }
}

/** Beside the one that listens. */
const maxConnections = 2
/** A statement that takes longer is ended by PostgreSQL, and half a second later by us. */
const statementTimeoutMs = 2000
const answerTimeoutMs = 2500
const connectTimeoutMs = 2500
const idleTimeoutMs = 60_000

/** Connects with the first statement. Throws a PostgresError where a certificate that the URL names cannot be read. */
export function createPostgres(config: PostgresConfig): Postgres {
  const { Pool } = loadPg()
  const pool = new Pool({ ...clientConfig(config), max: maxConnections, idleTimeoutMillis: idleTimeoutMs })
  // A connection that breaks while idle is replaced by the next statement.
  pool.on('error', () => {})

  async function transaction<T>(run: (query: Postgres['query']) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(throwPostgresError)
    // The statement under way fails with the connection, or else the next one. Unheard, the event would end the process.
    client.on('error', ignore)
    const query: Postgres['query'] = async (text, values) => {
      const { rows } = await client.query(text, values && [...values]).catch(throwPostgresError)
      return rows
    }
    try {
      await query('BEGIN')
      const result = await run(query)
      await query('COMMIT')
      client.off('error', ignore)
      client.release()
      return result
    } catch (error) {
      // Closing it ends the transaction too.
      client.release(true)
      throw error
    }
  }

  return {
    async query(text, values) {
      const { rows } = await pool.query(text, values && [...values]).catch(throwPostgresError)
      return rows
    },
    transaction,
    get connections() {
      return pool.totalCount
    },
    close: () => pool.end(),
  }
}

/**
 * What every connection has: a stalled one is found out, and holds up nothing for longer than the time-outs say. Throws a
 * PostgresError where a certificate that the URL names cannot be read.
 */
export function clientConfig(config: PostgresConfig): pg.ClientConfig {
  return {
    connectionString: config.url,
    // Never undefined: the library would ask the environment. With it, a server that does not encrypt is an error.
    ssl: config.tls === 'none' ? false : tlsOptions(config),
    application_name: 'dyndns53',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: 2 * statementTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }
}

function tlsOptions({ tls, tlsFiles }: PostgresConfig): ConnectionOptions {
  const { root, certificate, key } = tlsFiles ?? {}
  const options: ConnectionOptions = {
    ...(root && { ca: readPem('sslrootcert', root) }),
    ...(certificate && { cert: readPem('sslcert', certificate) }),
    ...(key && { key: readPem('sslkey', key) }),
    rejectUnauthorized: tls !== 'unverified',
    ...(tls === 'same-root' && { checkServerIdentity: () => undefined }),
  }
  try {
    createSecureContext(options)
    return options
  } catch (error) {
    throw new PostgresError(`sslcert and sslkey of DATABASE_URL do not go together: ${describe(error)}`)
  }
}

function readPem(parameter: string, file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    if (parameter !== 'sslkey') new X509Certificate(pem)
    return pem
  } catch (error) {
    throw new PostgresError(
      `${parameter} of DATABASE_URL names a file without a certificate or key: ${describe(error)}`,
    )
  }
}

function ignore(): void {}

function throwPostgresError(thrown: unknown): never {
  throw new PostgresError(thrown)
}

/** OpenSSL's words for a certificate whose root is not known here. */
const isUntrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

function describe(thrown: unknown): string {
  // Where a name has several addresses, Node joins the errors of all.
  if (thrown instanceof AggregateError) return thrown.errors.map(describe).join(', ')
  if (!(thrown instanceof Error)) return String(thrown)
  const { code, message } = thrown as NodeJS.ErrnoException
  const advice = isUntrusted.has(code ?? '')
    ? ': no root that is trusted here has signed its certificate; sslrootcert=FILE names another root'
    : ''
  return (message || String(code ?? thrown.name)) + advice
}
