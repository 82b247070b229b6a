import type { Problem } from '../../hosts/csv.js'
import { compareDatabases, type ParsedDatabase, parseDatabase } from '../../hosts/database.js'
import type { StoredDatabase } from '../../hosts/store.js'
import { StoreError } from '../../hosts/store-error.js'
import { type CommandContext, CommandError } from '../context.js'
import { count } from '../lists.js'
import { approve, changeDatabase, summedUp } from './change.js'
import { readLocalFile } from './local-file.js'
import { readVersionNote, writeVersionNote } from './version-note.js'

/** How to upload. */
export interface UploadOptions {
  /** Whether hosts may vanish without a question. */
  readonly yes?: true
  /** Whether to show only. */
  readonly dryRun?: true
}

/** Puts a file in the place of the database, if it is in order and nobody else was faster. Throws a CommandError. */
export async function uploadDatabase(
  context: CommandContext,
  file: string,
  options: UploadOptions,
): Promise<void> {
  const { say, openStore } = context
  const store = openStore()
  const bytes = await readLocalFile(file)
  const parsed = parseDatabase(bytes)
  refuseBadLines(file, parsed)
  for (const line of summedUp(parsed.warnings.map(describe(file)))) say(line)
  const noted = await readVersionNote(file, store.place)
  const hosts = count(parsed.database.size, 'host')
  let outcome = `uploaded ${file}: ${hosts}`

  const edit = async (stored: StoredDatabase | undefined) => {
    if (stored && Buffer.compare(stored.bytes, bytes) === 0) {
      outcome = `${store.place} is the same as ${file} already: ${hosts}`
      return bytes
    }
    if (noted !== undefined && !stored) throw goneMeanwhile(file, store.place)
    if (noted !== undefined && noted !== stored?.etag) throw overtaken(file, store.place)
    const vanishing = showDifference(context, stored, parsed)
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
  if (etag !== undefined && noted !== undefined) await writeVersionNote(file, etag, store.place)
}

function refuseBadLines(file: string, { database, problems }: ParsedDatabase): void {
  if (problems.length > 0) {
    const lines = problems.map(({ line, reason }) => `line ${line}: ${reason}`)
    throw new CommandError(`${file} was not uploaded, mend it first: ${summedUp(lines).join('; ')}`)
  }
  if (database.size === 0) throw new CommandError(`${file} was not uploaded: it has no line hostname,token`)
}

/** Says in which hosts the databases differ, those that vanish last; returns how many do. */
function showDifference(
  { say }: CommandContext,
  stored: StoredDatabase | undefined,
  { database }: ParsedDatabase,
): number {
  const before = parseDatabase(stored?.bytes ?? new Uint8Array()).database
  const { added, changed, removed } = compareDatabases(before, database)
  const lines = [
    ...summedUp(added.map((name) => `+ ${name}`)),
    ...summedUp(changed.map((name) => `~ ${name} (token changed)`)),
    ...summedUp(removed.map((name) => `- ${name}`)),
  ]
  for (const line of lines.length > 0 ? lines : ['the hosts are the same']) say(line)
  return removed.length
}

function describe(file: string) {
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
