import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { maxBytes } from '../../hosts/store.js'
import { CommandError } from '../context.js'

/** What some process has open, such as /dev/stdout, and would still write to if another file took its place. */
const openFile = /^\/(dev\/(std|fd\/)|proc\/)/

/** What a file is called for a person: `-` is standard input. */
export function nameOfInput(file: string): string {
  return file === '-' ? 'standard input' : file
}

/** The bytes of a file, a pipe or a device, or of standard input for `-`. Throws a CommandError, also for more than a database may have. */
export async function readLocalFile(file: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    let left = maxBytes
    for await (const chunk of file === '-' ? process.stdin : createReadStream(file, { end: maxBytes })) {
      chunks.push(chunk as Buffer)
      left -= (chunk as Buffer).length
      if (left < 0) break
    }
  } catch (error) {
    throw describeFileError(error, `${nameOfInput(file)} could not be read`)
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.length > maxBytes) {
    throw new CommandError(
      `${nameOfInput(file)} is larger than ${maxBytes >> 20} MiB, which is too large for a host database`,
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

/** The note beside a file: which version of which database it was when it was downloaded, and the digest of its bytes. */
const noteSuffix = '.etag'

/** What is noted of a downloaded file. */
export interface VersionNote {
  readonly etag: string
  readonly place: string
  /** SHA-256 of the file as it was downloaded or uploaded last, in hex. */
  readonly digest: string
}

/** What is noted beside `file`; undefined for nothing. Throws a CommandError. */
export async function readVersionNote(file: string): Promise<VersionNote | undefined> {
  const note = file + noteSuffix
  if (!existsSync(note)) return undefined
  const text = (await readLocalFile(note)).toString()
  const pattern = /^(?<etag>\S*"\S+")\n(?<place>s3:.+)\nsha256:(?<digest>[0-9a-f]{64})\n$/
  const { etag, place, digest } = pattern.exec(text)?.groups ?? {}
  if (etag === undefined || place === undefined || digest === undefined) {
    throw new CommandError(`${note} is not what download-database writes there: remove it`)
  }
  return { etag, place, digest }
}

/** Notes that `file` holds `bytes`, which are this version of the database at `place`. Throws a CommandError. */
export async function writeVersionNote(
  file: string,
  bytes: Uint8Array,
  { etag, place }: Omit<VersionNote, 'digest'>,
): Promise<void> {
  await writeLocalFile(file + noteSuffix, `${etag}\n${place}\nsha256:${digestOf(bytes)}\n`)
}

/**
 * Throws a CommandError if the file, where there is one, is neither `bytes` nor what was downloaded or uploaded last: it
 * was edited since, or has nothing to do with a database.
 */
export async function refuseEdited(file: string, bytes: Uint8Array): Promise<void> {
  const stats = await stat(file).catch(() => undefined)
  if (!stats?.isFile() || openFile.test(file)) return
  const there = await readLocalFile(file)
  if (Buffer.compare(there, bytes) === 0) return
  const noted = await readVersionNote(file)
  if (noted?.digest === digestOf(there)) return
  throw new CommandError(
    `${file} is there and is not what was downloaded last, so it stays as it is: upload it first, name another file, or say --force to overwrite it`,
  )
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
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
