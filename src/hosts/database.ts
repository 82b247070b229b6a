import { createHash, timingSafeEqual } from 'node:crypto'
import { parseHostname } from '../hostname.js'
import { readRows } from './rows.js'

/** Somebody who may register: a host whose name and token are in the database. */
export interface Host {
  /** Canonical host name. */
  readonly name: string
}

/** The hosts of a CSV; immutable. */
export interface HostDatabase {
  readonly size: number
  /** SHA-256 of the token by canonical host name. */
  readonly digests: ReadonlyMap<string, Buffer>
}

/** Something that is not right with a line of the CSV, in words that never repeat a token. */
export interface Problem {
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
}

/** What a CSV says. */
export interface ParsedDatabase {
  readonly database: HostDatabase
  /** Lines that were left out. */
  readonly problems: readonly Problem[]
  /** Lines that count, but maybe not as meant: a host that is there twice. */
  readonly warnings: readonly Problem[]
}

/** Who says to be which host. */
export interface Credentials {
  /** Canonical host name. */
  readonly hostname: string
  readonly token: string
}

/** A token longer than this many bytes does not fit into a request header by Basic authentication. */
const maxTokenBytes = 4096

/** Stands in for the digest of a host that is not there: nobody knows a token that hashes to it. */
const noDigest = Buffer.alloc(32)

/**
 * Reads a CSV of `hostname,token`, one host a line; blank lines, `#` comments, a BOM and a header row are fine. A bad
 * line is left out and named in `problems`; of a host that is there twice, the last line counts. Throws nothing.
 */
export function parseDatabase(bytes: Uint8Array): ParsedDatabase {
  const digests = new Map<string, Buffer>()
  const lines = new Map<string, number>()
  const problems: Problem[] = []
  const warnings: Problem[] = []
  for (const row of readRows(bytes)) {
    const { line } = row
    const checked = 'reason' in row ? row.reason : checkFields(row.fields)
    if (typeof checked === 'string') {
      problems.push({ line, reason: checked })
      continue
    }
    const { name, token } = checked
    const earlier = lines.get(name)
    if (earlier !== undefined)
      warnings.push({ line, reason: `${name} is also on line ${earlier}: this line counts` })
    lines.set(name, line)
    digests.set(name, digest(token))
  }
  return { database: { size: digests.size, digests }, problems, warnings }
}

/**
 * The host if it is in the database and the token is its own, else undefined. An unknown host costs the same work as a
 * wrong token, and tokens are compared by their digests in constant time.
 */
export function authenticate(database: HostDatabase, { hostname, token }: Credentials): Host | undefined {
  const expected = database.digests.get(hostname)
  const isEqual = timingSafeEqual(digest(token), expected ?? noDigest)
  return isEqual && expected ? { name: hostname } : undefined
}

/** A database without any host. */
export const emptyDatabase: HostDatabase = { size: 0, digests: new Map() }

function checkFields(fields: readonly string[]): { name: string; token: string } | string {
  const [hostname = '', token = '', ...more] = fields
  if (fields.length === 1) return 'the token is missing: a line is hostname,token'
  if (more.length > 0) {
    return `${fields.length} fields where two are expected: put a token that contains a comma in double quotes`
  }
  const name = parseHostname(hostname)
  // Not repeated: where the two are swapped, it is the token.
  if (!name) return 'the first field is not a full host name such as home.example.com'
  if (token === '') return `the token of ${name} is empty`
  if (Buffer.byteLength(token) > maxTokenBytes)
    return `the token of ${name} is longer than ${maxTokenBytes} bytes`
  return { name, token }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
