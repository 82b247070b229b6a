import type { Command } from 'commander'
import type { Problem } from '../../hosts/csv.js'
import { type ParsedDatabase, parseDatabase } from '../../hosts/database.js'
import type { StoredDatabase } from '../../hosts/store.js'
import { StoreError } from '../../hosts/store-error.js'
import { type CommandContext, CommandError } from '../context.js'
import { count, firstLines } from '../lists.js'
import { describeDifference } from './difference.js'
import { approve, changeDatabase } from './edit.js'
import {
  nameOfInput,
  readLocalFile,
  readVersionNote,
  refuseEdited,
  writeLocalFile,
  writeVersionNote,
} from './local-file.js'

interface DownloadOptions {
  /** Whether a file that was edited may be overwritten. */
  readonly force?: true
}

interface UploadOptions {
  /** Whether hosts may vanish without a question. */
  readonly yes?: true
  /** Whether to show only. */
  readonly dryRun?: true
}

/** Adds `download-database` and `upload-database`. */
export function addTransferCommands(program: Command, context: CommandContext): void {
  program
    .command('download-database')
    .description('write the database in S3 to FILE, or to standard output')
    .argument('[FILE]')
    .option('-f, --force', 'overwrite FILE even if it was edited')
    .addHelpText(
      'after',
      '\nBeside FILE, FILE.etag notes which version it is, so that an upload never goes over what somebody else wrote.',
    )
    .action((file: string | undefined, options: DownloadOptions) => downloadDatabase(context, file, options))
  program
    .command('upload-database')
    .description('check FILE, or standard input for -, and put it in the place of the database in S3')
    .argument('<FILE>')
    .option('-y, --yes', 'do not ask, even if hosts vanish')
    .option('-n, --dry-run', 'only show what would change')
    .addHelpText(
      'after',
      `
Shows which hosts come (+), go (-) and get another token (~), and asks before any go.
Uploads only over the version that FILE.etag notes, as download-database leaves it, or else over the one just shown.
If somebody else was faster, nothing is written: download again, under another name, and carry your edit over.`,
    )
    .action((file: string, options: UploadOptions) => uploadDatabase(context, file, options))
}

async function downloadDatabase(
  { openStore, print, say }: CommandContext,
  file: string | undefined,
  { force }: DownloadOptions,
): Promise<void> {
  const store = openStore()
  const { bytes, etag } = await store.read()
  if (file === undefined) return print(bytes)
  if (!force) await refuseEdited(file, bytes)
  // In this order: an older note beside a newer file only makes the next upload more careful.
  if (await writeLocalFile(file, bytes)) await writeVersionNote(file, bytes, { etag, place: store.place })
  say(`${file}: ${count(parseDatabase(bytes).database.size, 'host')}`)
}

/** Puts a file in the place of the database, if it is in order and nobody else was faster. Throws a CommandError. */
async function uploadDatabase(context: CommandContext, path: string, options: UploadOptions): Promise<void> {
  const { say, openStore } = context
  const store = openStore()
  const file = nameOfInput(path)
  const bytes = await readLocalFile(path)
  const parsed = parseDatabase(bytes)
  refuseBadLines(file, parsed)
  for (const line of firstLines(parsed.warnings.map(describeProblem(file)))) say(line)
  const note = path === '-' ? undefined : await readVersionNote(path)
  const noted = note?.place === store.place ? note.etag : undefined
  const hosts = count(parsed.database.size, 'host')
  let outcome = `uploaded ${file}: ${hosts}`

  const edit = async (stored: StoredDatabase | undefined) => {
    if (stored && Buffer.compare(stored.bytes, bytes) === 0) {
      outcome = `${store.place} is the same as ${file} already: ${hosts}`
      return bytes
    }
    if (noted !== undefined && !stored) throw goneMeanwhile(file, store.place)
    if (noted !== undefined && noted !== stored?.etag) throw overtaken(file, store.place)
    const before = parseDatabase(stored?.bytes ?? new Uint8Array()).database
    const { lines, vanishing } = describeDifference(before, parsed.database)
    for (const line of lines) say(line)
    if (options.dryRun) {
      outcome = `${file} was not uploaded: this is a dry run`
      return undefined
    }
    if (vanishing > 0 && !options.yes) {
      await approve(context, `${count(vanishing, 'host')} would vanish from ${store.place}`)
    }
    return bytes
  }
  const etag = await changeDatabase(store, 1, edit).catch((error: unknown) => {
    throw error instanceof StoreError && error.kind === 'conflict' ? overtaken(file, store.place) : error
  })
  say(outcome)
  if (etag !== undefined && noted !== undefined)
    await writeVersionNote(path, bytes, { etag, place: store.place })
}

function refuseBadLines(file: string, { database, problems }: ParsedDatabase): void {
  if (problems.length > 0) {
    const lines = problems.map(({ line, reason }) => `line ${line}: ${reason}`)
    throw new CommandError(`${file} was not uploaded, mend it first: ${firstLines(lines).join('; ')}`)
  }
  if (database.size === 0) throw new CommandError(`${file} was not uploaded: it has no line hostname,token`)
}

function describeProblem(file: string) {
  return ({ line, reason }: Problem) => `${file}:${line}: ${reason}`
}

function overtaken(file: string, place: string): CommandError {
  return new CommandError(
    `${place} was changed by somebody else meanwhile, and ${file} was not uploaded: download the database under another name, carry your edit over, and upload that`,
  )
}

function goneMeanwhile(file: string, place: string): CommandError {
  return new CommandError(
    `${place} is not there any more, and ${file} was not uploaded: to do so all the same, remove ${file}.etag`,
  )
}
