import { createS3Client } from '../aws.js'
import { type Environment, readDatabaseConfig } from '../config.js'
import { createDatabaseStore, type DatabaseStore } from '../hosts/store.js'

/** What a command works with: data goes to standard output, words to standard error. */
export interface CommandContext {
  readonly env: Environment
  /** The host database that `env` names. Throws a ConfigError. */
  openStore(): DatabaseStore
  /** Writes data; resolves when all is written. A reader who has seen enough is no error. */
  print(data: string | Uint8Array): Promise<void>
  /** Writes a line for the person. */
  say(line: string): void
}

/** What a command has to say when it could not do what it was asked for, in one sentence: exit status 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** The context of this process. */
export function createContext(env: Environment): CommandContext {
  return {
    env,
    openStore() {
      const config = readDatabaseConfig(env)
      return createDatabaseStore(createS3Client(config.aws), config)
    },
    print,
    say: (line) => void process.stderr.write(`${line}\n`),
  }
}

function print(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.on('error', () => {}) // told to the callback too
    process.stdout.write(data, (error?: NodeJS.ErrnoException | null) => {
      if (error && error.code !== 'EPIPE') reject(error)
      else resolve()
    })
  })
}
