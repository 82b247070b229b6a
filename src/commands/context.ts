import { createInterface } from 'node:readline'
import { createS3Client } from '../aws.js'
import { readDatabaseConfig } from '../config/config.js'
import type { Environment } from '../config/variable.js'
import { createDatabaseStore, type DatabaseStore } from '../hosts/store.js'
import { takesColours } from './colour.js'

/** What a file of settings has brought. No values: some are secret. */
export interface EnvFile {
  readonly file: string
  /** The variables that it has set. */
  readonly names: ReadonlySet<string>
  /** Those that it has too, but otherwise than the environment, which counts. */
  readonly overruled: readonly string[]
}

/** What a command works with: data goes to standard output, words to standard error. */
export interface CommandContext {
  readonly env: Environment
  /** The file that some of it came from, if there was one. */
  envFile(): EnvFile | undefined
  /** The host database that `env` names. Throws a ConfigError. */
  openStore(): DatabaseStore
  /** Passes on a call; a person at a terminal is told what it waits for, when that takes longer than a second. */
  wait<T>(what: string, call: Promise<T>): Promise<T>
  /** Writes data; resolves when all is written. A reader who has seen enough is no error. */
  print(data: string | Uint8Array): Promise<void>
  /** Writes data as JSON, for a script. */
  printJson(data: unknown): Promise<void>
  /** Whether what goes to standard output may be coloured. */
  readonly hasColours: boolean
  /** Writes a line for the person. */
  say(line: string): void
  /**
   * Asks a yes-or-no question; the end of the input is a no. Undefined where nobody is at a terminal to be asked.
   * Throws a CommandError on Ctrl-C.
   */
  ask(question: string): Promise<boolean | undefined>
  /**
   * What the person types behind `prompt`, empty for the end of the input. Undefined where nobody is at a terminal to be
   * asked. Throws a CommandError on Ctrl-C.
   */
  readLine(prompt: string): Promise<string | undefined>
}

/** What a command has to say when it could not do what it was asked for, in one sentence: exit status 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** The context of this process. */
export function createContext(
  env: Environment,
  envFile: CommandContext['envFile'] = () => undefined,
): CommandContext {
  process.stdout.on('error', () => {}) // told to the callback of each write too
  return {
    env,
    envFile,
    openStore() {
      const config = readDatabaseConfig(env)
      const watch = <T>(call: Promise<T>) => wait(`S3, for s3://${config.bucket}/${config.key}`, call)
      return createDatabaseStore(createS3Client(config.aws), config, { timeoutMs: commandTimeoutMs, watch })
    },
    wait,
    print,
    printJson: (data) => print(`${JSON.stringify(data, null, 2)}\n`),
    hasColours: takesColours(env, process.stdout.isTTY ?? false),
    say: (line) => void process.stderr.write(`${line}\n`),
    ask,
    readLine,
  }
}

/** A call to AWS has this long for its answer: a person waits for it. */
export const commandTimeoutMs = 10_000
/** After this time a person wants to know what is waited for. */
const patienceMs = 1000

async function wait<T>(what: string, call: Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) return call
  const timer = setTimeout(() => process.stderr.write(`waiting for ${what} …\n`), patienceMs)
  try {
    return await call
  } finally {
    clearTimeout(timer)
  }
}

function print(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(data, (error?: NodeJS.ErrnoException | null) => {
      if (error && error.code !== 'EPIPE') reject(error)
      else resolve()
    })
  })
}

async function ask(question: string): Promise<boolean | undefined> {
  const answer = await readLine(`${question} [y/N] `)
  return answer === undefined ? undefined : /^\s*y(es)?\s*$/i.test(answer)
}

async function readLine(prompt: string): Promise<string | undefined> {
  const { stdin: input, stderr: output } = process
  if (!input.isTTY || !output.isTTY) return undefined
  // The terminal stays in line mode, so that it is as it was whatever happens here.
  const lines = createInterface({ input, terminal: false })
  let interrupt = () => {}
  try {
    const answer = await new Promise<string | undefined>((resolve, reject) => {
      interrupt = () => {
        output.write('\n')
        reject(new CommandError('interrupted, and nothing was written'))
      }
      process.once('SIGINT', interrupt)
      lines.once('line', resolve).once('close', () => resolve(undefined))
      output.write(prompt)
    })
    if (answer === undefined) output.write('\n')
    return answer ?? ''
  } finally {
    process.off('SIGINT', interrupt)
    lines.close()
  }
}
