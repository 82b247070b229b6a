import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type S3Emulator, type S3EmulatorOptions, startS3Emulator } from '../emulators/s3/emulator.js'
import { type CliResult, runCli } from './support/cli-process.js'

export const bucket = 'dyndns.example.com'
export const key = 'database.csv'
export const secretKey = 'S3CR3T/AccessKeyThatMustNotBePrinted'

/** A CSV with what a person's editor may leave in it. */
export const csv = Buffer.from(
  '\ufeff# our hosts\r\nhostname,token\r\n\r\nhome.example.com,"T0KEN ""a"", b"\r\nmünchen.example.com,T0KEN-ü',
)

/** An S3 with one bucket, an empty directory, and the environment of a command. */
export interface CliWorld {
  readonly s3: S3Emulator
  readonly env: Readonly<Record<string, string>>
  readonly directory: string
  /** Runs `dyndns53` there with these arguments. */
  dyndns53(...args: string[]): Promise<CliResult>
  /** The database in S3 as text; undefined where there is none. */
  stored(): string | undefined
  /** The path of a file in the directory. */
  file(name: string): string
  /** What lies in the directory. */
  files(): Promise<string[]>
}

const endings: (() => Promise<void>)[] = []

/** Takes down every world of this file: for `afterAll`, as tests that run side by side have no end of their own. */
export async function closeCliWorlds(): Promise<void> {
  for (const end of endings.splice(0)) await end()
}

/** Starts a world. */
export async function createCliWorld(options: S3EmulatorOptions = {}): Promise<CliWorld> {
  const s3 = await startS3Emulator({ buckets: [bucket], ...options })
  const directory = await mkdtemp(join(tmpdir(), 'dyndns53-cli-'))
  endings.push(async () => {
    await s3.close()
    await rm(directory, { recursive: true, force: true })
  })
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00',
    AWS_SECRET_ACCESS_KEY: secretKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: s3.url,
    DYNDNS_BUCKET: bucket,
    DYNDNS_DATABASE: key,
    HOME: directory,
  }
  return {
    s3,
    directory,
    env,
    dyndns53: (...args) => runCli(args, env, directory),
    stored: () => s3.object(bucket, key)?.body.toString(),
    file: (name) => join(directory, name),
    files: async () => (await readdir(directory)).sort(),
  }
}
