import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { maxBytes } from '../../hosts/store.js'
import { CommandError } from '../context.js'

/** What some process has open, such as /dev/stdout, and would still write to if another file took its place. */
const openFile = /^\/(dev\/(std|fd\/)|proc\/)/

/** The bytes of a file, a pipe or a device. Throws a CommandError, also for more than a database may have. */
export async function readLocalFile(file: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of createReadStream(file, { end: maxBytes })) chunks.push(chunk as Buffer)
  } catch (error) {
    throw describeFileError(error, `${file} could not be read`)
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.length > maxBytes) {
    throw new CommandError(
      `${file} is larger than ${maxBytes >> 20} MiB, which is too large for a host database`,
    )
  }
  return bytes
}

/**
 * Puts `bytes` in the place of a file, of what a link leads to, or of nothing: whole, or not at all. Only its owner may
 * read it. A pipe or a device is written to instead. Returns whether there is a file now. Throws a CommandError.
 */
export async function writeLocalFile(file: string, bytes: Uint8Array | string): Promise<boolean> {
  try {
    const stats = await stat(file).catch(undefinedIfMissing)
    const isFile = !openFile.test(file) && (stats?.isFile() ?? true)
    if (isFile) await replaceFile(await targetOf(file), bytes)
    else await writeFile(file, bytes, { flag: 'a' })
    return isFile
  } catch (error) {
    throw describeFileError(error, `${file} could not be written`)
  }
}

/** The note beside a file: which version of which database it was when it was downloaded. */
const noteSuffix = '.etag'

/** The ETag that is noted beside `file` for the database at `place`; undefined for none. Throws a CommandError. */
export async function readVersionNote(file: string, place: string): Promise<string | undefined> {
  const note = file + noteSuffix
  if (!existsSync(note)) return undefined
  const [, etag, notedPlace] = /^(\S*"\S+")\n(s3:.+)\n$/.exec((await readLocalFile(note)).toString()) ?? []
  if (etag === undefined) {
    throw new CommandError(`${note} is not what download-database writes there: remove it`)
  }
  return notedPlace === place ? etag : undefined
}

/** Notes that `file` is this version of the database at `place`. Throws a CommandError. */
export async function writeVersionNote(file: string, etag: string, place: string): Promise<void> {
  await writeLocalFile(file + noteSuffix, `${etag}\n${place}\n`)
}

/** Writes beside the file and then renames, so that a full disk leaves the old one whole. */
async function replaceFile(file: string, bytes: Uint8Array | string): Promise<void> {
  const beside = `${file}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await writeFile(beside, bytes, { mode: 0o600, flag: 'wx', flush: true })
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** Where links lead in the end, be it to nothing. */
async function targetOf(file: string): Promise<string> {
  const target = await realpath(file).catch(undefinedIfMissing)
  if (target !== undefined) return target
  const link = await readlink(file).catch(() => undefined)
  return link === undefined ? file : targetOf(resolve(dirname(file), link))
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** What node:fs throws in one sentence that begins with `what`; anything else as it is. */
function describeFileError(error: unknown, what: string): unknown {
  const { errno, code } = error as NodeJS.ErrnoException
  const [, words] = getSystemErrorMap().get(errno ?? 0) ?? []
  return words === undefined ? error : new CommandError(`${what}: ${words} (${code})`)
}
