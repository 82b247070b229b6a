import { timingSafeEqual } from 'node:crypto'
import { type HostRow, type Problem, readHostRows } from './csv.js'
import { digestOfToken, type TokenCell } from './token.js'

/** The hosts of a CSV; immutable. Tokens are held as their SHA-256 digests only. */
export interface HostDatabase {
  /** How many hosts there are. */
  readonly size: number
  /** Whether the host, by its canonical name, is there. */
  has(hostname: string): boolean
  /** SHA-256 of the host's token; undefined for a host that is not there. */
  digestOf(hostname: string): Uint8Array | undefined
  /** Canonical host names. */
  hostnames(): Iterable<string>
}

/** What a CSV says. */
export interface ParsedDatabase {
  /** Its hosts; none where no line is good. */
  readonly database: HostDatabase
  /** Lines that were left out. */
  readonly problems: readonly Problem[]
  /** Lines that count, but maybe not as meant: a host that is there twice. */
  readonly warnings: readonly Problem[]
}

/** Who a caller says to be: a host, and the token to prove it. */
export interface Credentials {
  /** Canonical host name. */
  readonly hostname: string
  readonly token: string
}

/** The hosts in which two databases differ, by canonical name. */
export interface DatabaseDifference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Those whose token is another. */
  readonly changed: readonly string[]
}

/** The length of a SHA-256 digest. */
const digestBytes = 32

/** Stands in for the digest of a host that is not there, as a view like theirs: no known token hashes to it. */
const noDigest = Buffer.alloc(digestBytes)

/**
 * Reads a CSV of `hostname,token`, one host a line; blank lines, `#` comments, a BOM and a header row are fine. A bad
 * line is left out and named in `problems`; of a host that is there twice, the last line counts. Throws nothing.
 */
export function parseDatabase(bytes: Uint8Array): ParsedDatabase {
  const rows = new Map<string, HostRow>()
  const problems: Problem[] = []
  const warnings: Problem[] = []
  for (const row of readHostRows(bytes)) {
    if ('reason' in row) {
      problems.push(row)
      continue
    }
    const earlier = rows.get(row.name)
    if (earlier) {
      warnings.push({
        line: row.line,
        reason: `${row.name} is also on line ${earlier.line}: this line counts`,
      })
    }
    rows.set(row.name, row)
  }
  return { database: createDatabase(rows.values()), problems, warnings }
}

/** Whether the host is in the database and the token is its own. An unknown host costs the same work as a wrong token. */
export function authenticate(database: HostDatabase, { hostname, token }: Credentials): boolean {
  const expected = database.digestOf(hostname)
  const isEqual = timingSafeEqual(digestOfToken(token), expected ?? noDigest.subarray())
  return isEqual && expected !== undefined
}

/** What it takes to get from one database to the other. */
export function compareDatabases(before: HostDatabase, after: HostDatabase): DatabaseDifference {
  const changed = [...after.hostnames()].filter((name) => {
    const digest = before.digestOf(name)
    return digest !== undefined && Buffer.compare(digest, after.digestOf(name) ?? digest) !== 0
  })
  return {
    added: [...after.hostnames()].filter((name) => !before.has(name)),
    removed: [...before.hostnames()].filter((name) => !after.has(name)),
    changed,
  }
}

function createDatabase(rows: Iterable<HostRow>): HostDatabase {
  const list = [...rows]
  const digests = Buffer.alloc(list.length * digestBytes)
  const positions = new Map<string, number>()
  for (const [position, { name, token }] of list.entries()) {
    digests.set(digestOfCell(token), position * digestBytes)
    positions.set(name, position)
  }
  return {
    size: positions.size,
    has: (hostname) => positions.has(hostname),
    digestOf(hostname) {
      const position = positions.get(hostname)
      if (position === undefined) return undefined
      return digests.subarray(position * digestBytes, (position + 1) * digestBytes)
    },
    hostnames: () => positions.keys(),
  }
}

function digestOfCell(cell: TokenCell): Uint8Array {
  return cell.kind === 'hashed' ? cell.digest : digestOfToken(cell.token)
}
