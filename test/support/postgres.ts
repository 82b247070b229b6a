import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

/** A PostgreSQL of its own. */
export interface TestPostgres {
  readonly port: number
  /** Makes an empty database. */
  createDatabase(): Promise<TestDatabase>
  /**
   * New connections may be encrypted, by this certificate and its key in PEM; undefined: none may. Clients may show one
   * that the root of `rootFile` has signed.
   */
  useCertificate(pem: { certificate: string; key: string } | undefined, rootFile?: string): Promise<void>
  /** Ends it at once, as a crash would. */
  crash(): Promise<void>
  start(): Promise<void>
  /** Ends it and removes what it kept. */
  close(): Promise<void>
}

/** A database of it, and who may do all in it. */
export interface TestDatabase {
  readonly url: string
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
}

const run = promisify(execFile)
const password = 'P4SSWORD-of-postgres'

/** The folder of its programs, undefined where it is not installed: Debian keeps each version apart. */
export function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

/** Starts one on a free port of 127.0.0.1. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = findPostgres()
  if (!folder) throw new Error('PostgreSQL is not installed')
  const home = await mkdtemp(join(tmpdir(), 'dyndns53-postgres-'))
  // It refuses to run as root.
  const prefix = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []
  if (prefix.length > 0) {
    await chmod(home, 0o755)
    await run('chown', ['postgres', home])
  }
  const data = join(home, 'data')
  const call = (program: string, ...args: string[]) => {
    const [command = '', ...rest] = [...prefix, join(folder, program), ...args]
    // What it starts would keep a pipe open.
    return run(command, rest, { cwd: home, env: { PATH: process.env['PATH'], LC_ALL: 'C' } })
  }
  await call('initdb', '-D', data, '-A', 'trust', '-U', 'dyndns', '-E', 'UTF8', '--no-sync')
  const port = await freePort()
  const settings = `-p ${port} -k ${home} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=40`
  const start = async () => {
    await call('pg_ctl', '-D', data, '-w', '-l', join(home, 'log'), '-o', settings, 'start')
  }
  await start()
  let databases = 0
  const administrate = async (...statements: string[]) => {
    for (const statement of statements) await database(port, 'postgres').query(statement)
  }
  /** A file of its own, as it wants a key to be. */
  const writeOwn = async (name: string, text: string) => {
    const path = join(home, name)
    await writeFile(path, text)
    await chmod(path, 0o600)
    if (prefix.length > 0) await run('chown', ['postgres', path])
    return path
  }
  return {
    port,
    start,
    async useCertificate(pem, rootFile) {
      const set = (name: string, value: string) => `ALTER SYSTEM SET ${name} = '${value}'`
      if (pem) {
        const certificate = set('ssl_cert_file', await writeOwn('server.crt', pem.certificate))
        const root = rootFile ? await writeOwn('root.crt', await readFile(rootFile, 'utf8')) : ''
        await administrate(
          certificate,
          set('ssl_key_file', await writeOwn('server.key', pem.key)),
          set('ssl_ca_file', root),
        )
      }
      await administrate(set('ssl', pem ? 'on' : 'off'), 'SELECT pg_reload_conf()')
    },
    async createDatabase() {
      const name = `test${++databases}`
      await database(port, 'postgres').query(`CREATE DATABASE ${name}`)
      return database(port, name)
    },
    crash: async () => {
      await call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop')
    },
    async close() {
      await call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop').catch(() => {})
      await rm(home, { recursive: true, force: true })
    },
  }
}

function database(port: number, name: string): TestDatabase {
  const url = `postgres://dyndns:${password}@127.0.0.1:${port}/${name}`
  return {
    url,
    async query(text, values) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        return (await client.query(text, values)).rows
      } finally {
        await client.end()
      }
    },
  }
}

/** A port that stays the same when it is started again; nobody else takes one of these by chance. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000)
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
    })
    if (isFree) return port
  }
}
