import { existsSync } from 'node:fs'
import { CommandError } from '../context.js'
import { readLocalFile, writeLocalFile } from './local-file.js'

/** The note beside a file: which version of which database it was when it was downloaded. */
const suffix = '.etag'

/** The ETag that is noted beside `file` for the database at `place`; undefined for none. Throws a CommandError. */
export async function readVersionNote(file: string, place: string): Promise<string | undefined> {
  const note = file + suffix
  if (!existsSync(note)) return undefined
  const [, etag, notedPlace] = /^(\S*"\S+")\n(s3:.+)\n$/.exec((await readLocalFile(note)).toString()) ?? []
  if (etag === undefined) {
    throw new CommandError(`${note} is not what download-database writes there: remove it`)
  }
  return notedPlace === place ? etag : undefined
}

/** Notes that `file` is this version of the database at `place`. Throws a CommandError. */
export async function writeVersionNote(file: string, etag: string, place: string): Promise<void> {
  await writeLocalFile(file + suffix, `${etag}\n${place}\n`)
}
