import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { parseDatabase } from './hosts/database.js'
import type { DatabaseStore } from './hosts/store.js'

/** Writes the database to `file`, or to standard output without one. Throws StoreError and file system errors. */
export async function downloadDatabase(store: DatabaseStore, file?: string): Promise<void> {
  const { bytes } = await store.read()
  if (file === undefined) {
    await print(bytes)
    return
  }
  await replaceFile(file, bytes)
  process.stderr.write(`${file}: ${count(parseDatabase(bytes).database.size)}\n`)
}

/** Puts `file` in the place of the database in S3, unless a line of it is bad. Throws an Error that names the lines. */
export async function uploadDatabase(store: DatabaseStore, file: string): Promise<void> {
  const bytes = await readFile(file)
  const { database, problems, warnings } = parseDatabase(bytes)
  for (const { line, reason } of warnings) process.stderr.write(`${file}:${line}: ${reason}\n`)
  if (problems.length > 0) {
    const lines = problems.map(({ line, reason }) => `line ${line}: ${reason}`).join('; ')
    throw new Error(`${file} was not uploaded, mend it first: ${lines}`)
  }
  if (database.size === 0) throw new Error(`${file} was not uploaded: it has no line hostname,token`)
  await store.write(bytes)
  process.stderr.write(`uploaded ${file}: ${count(database.size)}\n`)
}

/** Resolves when all is written; a reader who has seen enough (EPIPE) is no error. */
function print(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.on('error', () => {}) // told to the callback too
    process.stdout.write(bytes, (error?: NodeJS.ErrnoException | null) => {
      if (error && error.code !== 'EPIPE') reject(error)
      else resolve()
    })
  })
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
