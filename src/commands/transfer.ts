import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { parseDatabase } from '../hosts/database.js'
import { type CommandContext, CommandError } from './context.js'

/** Adds `download-database` and `upload-database`. */
export function addTransferCommands(program: Command, context: CommandContext): void {
  program
    .command('download-database')
    .description('write the database in S3 to FILE, or to standard output')
    .argument('[FILE]')
    .action((file?: string) => downloadDatabase(context, file))
  program
    .command('upload-database')
    .description('check FILE and put it in the place of the database in S3')
    .argument('<FILE>')
    .action((file: string) => uploadDatabase(context, file))
}

async function downloadDatabase({ openStore, print, say }: CommandContext, file?: string): Promise<void> {
  const { bytes } = await openStore().read()
  if (file === undefined) return print(bytes)
  await replaceFile(file, bytes)
  say(`${file}: ${count(parseDatabase(bytes).database.size)}`)
}

async function uploadDatabase({ openStore, say }: CommandContext, file: string): Promise<void> {
  const store = openStore()
  const bytes = await readFile(file)
  const { database, problems, warnings } = parseDatabase(bytes)
  for (const { line, reason } of warnings) say(`${file}:${line}: ${reason}`)
  if (problems.length > 0) {
    const lines = problems.map(({ line, reason }) => `line ${line}: ${reason}`).join('; ')
    throw new CommandError(`${file} was not uploaded, mend it first: ${lines}`)
  }
  if (database.size === 0) throw new CommandError(`${file} was not uploaded: it has no line hostname,token`)
  await store.write(bytes, (await store.readIfPresent())?.etag)
  say(`uploaded ${file}: ${count(database.size)}`)
}

/** Writes beside the file and then renames, so that a full disk leaves the old one whole; only the owner may read it. */
async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await writeFile(beside, bytes, { mode: 0o600, flag: 'wx' })
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

function count(hosts: number): string {
  return hosts === 1 ? '1 host' : `${hosts} hosts`
}
