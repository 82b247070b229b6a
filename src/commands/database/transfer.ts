import type { Command } from 'commander'
import { parseDatabase } from '../../hosts/database.js'
import type { CommandContext } from '../context.js'
import { count } from '../lists.js'
import { writeLocalFile } from './local-file.js'
import { type UploadOptions, uploadDatabase } from './upload.js'
import { writeVersionNote } from './version-note.js'

/** Adds `download-database` and `upload-database`. */
export function addTransferCommands(program: Command, context: CommandContext): void {
  program
    .command('download-database')
    .description('write the database in S3 to FILE, or to standard output')
    .argument('[FILE]')
    .addHelpText(
      'after',
      '\nBeside FILE, FILE.etag notes which version it is, so that an upload never goes over what somebody else wrote.',
    )
    .action((file?: string) => downloadDatabase(context, file))
  program
    .command('upload-database')
    .description('check FILE and put it in the place of the database in S3')
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

async function downloadDatabase({ openStore, print, say }: CommandContext, file?: string): Promise<void> {
  const store = openStore()
  const { bytes, etag } = await store.read()
  if (file === undefined) return print(bytes)
  // In this order: an older note beside a newer file only makes the next upload more careful.
  if (await writeLocalFile(file, bytes)) await writeVersionNote(file, etag, store.place)
  say(`${file}: ${count(parseDatabase(bytes).database.size, 'host')}`)
}
