import { type Command, InvalidArgumentError } from 'commander'
import { compareDatabases, type HostDatabase, parseDatabase } from '../../hosts/database.js'
import type { DatabaseStore, StoredDatabase, StoredVersion } from '../../hosts/store.js'
import { StoreError } from '../../hosts/store-error.js'
import { type CommandContext, CommandError } from '../context.js'
import { count } from '../lists.js'
import { describeDifference } from './difference.js'
import { approve, changeDatabase } from './edit.js'
import { sayBadLines } from './rows-by-name.js'

interface HistoryOptions {
  /** How many versions are shown. */
  readonly number: number
  readonly json?: true
}

interface RestoreOptions {
  readonly yes?: true
  readonly dryRun?: true
}

/** How many versions are shown where nobody says; each is read whole. */
const defaultNumber = 10
const maxNumber = 100

/** Adds `database-history` and `restore-database`. */
export function addHistoryCommands(program: Command, context: CommandContext): void {
  program
    .command('database-history')
    .description('write the versions of the database that S3 keeps, newest first, and what each changed')
    .option('-n, --number <N>', `how many versions, at most ${maxNumber}`, numberOfVersions, defaultNumber)
    .option('--json', 'write [{version, time, current, hosts, added, removed, changed}] instead')
    .addHelpText(
      'after',
      '\nNames hosts that came (+), went (-) and got another token (~), and never a token.\n' +
        'Needs a bucket with versioning, and s3:ListBucketVersions and s3:GetObjectVersion (iam-policy --admin).',
    )
    .action((options: HistoryOptions) => showHistory(context, options))
  program
    .command('restore-database')
    .description('put a version of database-history in the place of the database, as a new version')
    .argument('<VERSION>')
    .option('-y, --yes', 'do not ask')
    .option('-n, --dry-run', 'only show what would change')
    .addHelpText('after', '\nShows the difference and asks. What is there now stays in the history.')
    .action((version: string, options: RestoreOptions) => restore(context, version, options))
}

function numberOfVersions(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > maxNumber)
    throw new InvalidArgumentError(`It takes a number from 1 to ${maxNumber}.`)
  return number
}

/** A version, and the database in it: none for a deletion. */
interface LoadedVersion {
  readonly version: StoredVersion
  readonly database: HostDatabase
}

async function showHistory(context: CommandContext, { number, json }: HistoryOptions): Promise<void> {
  const { openStore, print, printJson, say } = context
  const store = openStore()
  // One more, for what the last one changed.
  const versions = await store.versions(number + 1)
  if (versions.length === 0)
    throw new CommandError(`S3 has no version of ${store.place}: check DYNDNS_BUCKET and DYNDNS_DATABASE`)
  const loaded: LoadedVersion[] = []
  for (const version of versions) loaded.push({ version, database: await databaseOf(store, version) })
  const shown = loaded.slice(0, number)
  if (json) await printJson(shown.map((one, index) => asJson(one, loaded[index + 1])))
  else await print(shown.map((one, index) => asText(one, loaded[index + 1])).join(''))
  if (versions.every(({ id }) => id === 'null')) say(describeNoVersioning(store.place))
}

async function databaseOf(store: DatabaseStore, { id, isDeletion }: StoredVersion): Promise<HostDatabase> {
  return parseDatabase(isDeletion ? new Uint8Array() : (await store.readVersion(id)).bytes).database
}

function asJson({ version, database }: LoadedVersion, older: LoadedVersion | undefined): object {
  return {
    version: version.id,
    time: version.time.toISOString(),
    current: version.isCurrent,
    ...(version.isDeletion ? { deleted: true } : { hosts: database.size }),
    ...(older && compareDatabases(older.database, database)),
  }
}

function asText({ version, database }: LoadedVersion, older: LoadedVersion | undefined): string {
  const what = version.isDeletion ? 'deleted' : count(database.size, 'host')
  const { lines } = older ? describeDifference(older.database, database) : { lines: [] }
  const head = `${version.id}  ${version.time.toISOString()}  ${what}${version.isCurrent ? ', current' : ''}`
  return [head, ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join('')
}

function describeNoVersioning(place: string): string {
  const [, bucket] = /^s3:\/\/([^/]+)/.exec(place) ?? []
  return `the bucket keeps no older versions: turn that on with aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled, or in the S3 console; it holds for what is written from then on`
}

async function restore(context: CommandContext, id: string, options: RestoreOptions): Promise<void> {
  const { openStore, say } = context
  const store = openStore()
  const { bytes } = await store.readVersion(id)
  const { database, problems } = parseDatabase(bytes)
  if (database.size === 0)
    throw new CommandError(`version ${id} has no line hostname,token, and was not restored`)
  sayBadLines(say, `version ${id}`, problems.length)
  let outcome = `restored version ${id} in ${store.place}: ${count(database.size, 'host')}`

  const edit = async (stored: StoredDatabase | undefined) => {
    if (stored && Buffer.compare(stored.bytes, bytes) === 0) {
      outcome = `${store.place} is the same as version ${id} already`
      return bytes
    }
    const before = parseDatabase(stored?.bytes ?? new Uint8Array()).database
    for (const line of describeDifference(before, database).lines) say(line)
    if (options.dryRun) {
      outcome = 'nothing was restored: this is a dry run'
      return undefined
    }
    if (!options.yes) await approve(context, `${store.place} would be as it was in version ${id}`)
    return bytes
  }
  await changeDatabase(store, 1, edit).catch((error: unknown) => {
    if (!(error instanceof StoreError) || error.kind !== 'conflict') throw error
    throw new CommandError(
      `${store.place} was changed by somebody else meanwhile, and nothing was restored: look at database-history again`,
    )
  })
  say(outcome)
}
