import { readPostgresConfig } from '../../config/config.js'
import { createHistoryTables, type HistoryTables } from '../../store/history-tables.js'
import { createPostgres, type Postgres, PostgresError } from '../../store/postgres.js'
import { type CommandContext, CommandError } from '../context.js'

/** Lets `read` read the history that the service keeps. Throws a CommandError where there is none, or it cannot be read. */
export async function withHistory<T>(
  { env, wait }: CommandContext,
  read: (tables: HistoryTables) => Promise<T>,
): Promise<T> {
  const config = readPostgresConfig(env)
  if (!config) {
    throw new CommandError(
      'DATABASE_URL is not set: without a PostgreSQL the service remembers calls in memory alone, where no command can see them',
    )
  }
  let postgres: Postgres | undefined
  try {
    postgres = createPostgres(config)
    return await wait('PostgreSQL', read(createHistoryTables(postgres)))
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error
    const advice = 'check DATABASE_URL with dyndns53 doctor; the service makes the tables when it starts'
    throw new CommandError(`the history in PostgreSQL cannot be read (${error.message}): ${advice}`)
  } finally {
    await postgres?.close()
  }
}

/** A moment for a person: in UTC, to the second. */
export function moment(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Text that others have sent, which must not command the terminal; `-` for none. */
export function shown(text: string | undefined): string {
  return text ? text.replace(/\p{Cc}+/gu, ' ') : '-'
}
