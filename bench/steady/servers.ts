import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { startPostgres } from '../../test/support/postgres.js'
import { type MeasuredServer, startMeasuredServer } from '../server.js'

/** The processes that are measured. */
export interface Servers {
  readonly ports: readonly number[]
  /** Resident memory of each. */
  readResidentBytes(): Promise<number[]>
  /** Ends them and their PostgreSQL. */
  close(): Promise<void>
}

/** Starts `processes` processes with this environment, which share a PostgreSQL of their own where they are several. */
export async function startServers(
  processes: number,
  environment: Readonly<Record<string, string>>,
): Promise<Servers> {
  const postgres = processes > 1 ? await startPostgres() : undefined
  const servers: MeasuredServer[] = []
  const close = async () => {
    for (const { kill } of servers) kill()
    await postgres?.close()
  }
  try {
    const database = await postgres?.createDatabase()
    const shared = { ...environment, ...(database && { DATABASE_URL: database.url }) }
    while (servers.length < processes) servers.push(await startMeasuredServer(shared))
  } catch (error) {
    await close()
    throw error
  }
  return {
    ports: servers.map(({ port }) => port),
    readResidentBytes: () => Promise.all(servers.map(({ child }) => residentBytes(child.pid))),
    close,
  }
}

async function residentBytes(pid = 0): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout) * 1024
}
