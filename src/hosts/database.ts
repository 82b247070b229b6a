import { timingSafeEqual } from 'node:crypto'
import { type Problem, readHostRows } from './csv.js'
import { describeOddity } from './odd-token.js'
import { digestOfToken, type TokenCell, writeDigest } from './token.js'

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
  /**
   * What of the host's token nobody types on purpose, for the log where its login fails; undefined for nothing, for a host
   * that is not there, and beyond the first 1,000 such tokens.
   */
  oddityOf(hostname: string): string | undefined
}

/** What a CSV says. */
export interface ParsedDatabase {
  /** Its hosts; none where no line is good. */
  readonly database: HostDatabase
  /** Lines that were left out. */
  readonly problems: readonly Problem[]
  /** Lines that count, but maybe not as meant: a host that is there twice, a token that nobody types. */
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

/** At most this many odd tokens are remembered, so that a strange file costs no memory. */
const maxOddities = 1000

/**
 * Reads a CSV of `hostname,token`, one host a line; blank lines, `#` comments, a BOM and a header row are fine. A bad
 * line is left out and named in `problems`; of a host that is there twice, the last line counts. Throws nothing.
 */
export function parseDatabase(bytes: Uint8Array): ParsedDatabase {
  const builder = createBuilder()
  const lines: number[] = []
  const oddities = new Map<string, string>()
  const problems: Problem[] = []
  const warnings: Problem[] = []
  for (const row of readHostRows(bytes)) {
    if ('reason' in row) {
      problems.push(row)
      continue
    }
    const { line, name, token } = row
    const position = builder.set(name, token)
    const earlier = lines[position]
    if (earlier !== undefined) {
      warnings.push({ line, reason: `${name} is also on line ${earlier}: this line counts` })
      oddities.delete(name)
    }
    lines[position] = line
    const oddity = describeOddity(token)
    if (oddity === undefined) continue
    warnings.push({ line, reason: `the token of ${name} ${oddity}` })
    if (oddities.size < maxOddities) oddities.set(name, `the token on line ${line} ${oddity}`)
  }
  return { database: builder.build(oddities), problems, warnings }
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

/** Hosts on their way into a database; each is there once, at a position that it keeps. */
interface DatabaseBuilder {
  /** Gives a host, new or not, this token; returns its position. */
  set(name: string, token: TokenCell): number
  build(oddities: ReadonlyMap<string, string>): HostDatabase
}

/** Room for the digests of this many hosts at first; it doubles when it is full. */
const firstRoom = 1024

function createBuilder(): DatabaseBuilder {
  const positions = new Map<string, number>()
  let digests = Buffer.alloc(firstRoom * digestBytes)

  function add(name: string): number {
    const position = positions.size
    positions.set(name, position)
    if (digests.length < positions.size * digestBytes) {
      digests = Buffer.concat([digests], 2 * digests.length)
    }
    return position
  }

  return {
    set(name, token) {
      const own = copyOf(name)
      const position = positions.get(own) ?? add(own)
      const offset = position * digestBytes
      if (token.kind === 'hashed') digests.set(token.digest, offset)
      else writeDigest(token.token, digests, offset)
      return position
    },
    build(oddities) {
      const exact = Buffer.from(digests.subarray(0, positions.size * digestBytes))
      return createDatabase(positions, exact, oddities)
    },
  }
}

/** A host name in memory of its own: as a part of the file's text it would keep all of that, the tokens included. */
function copyOf(name: string): string {
  return Buffer.from(name, 'latin1').toString('latin1')
}

function createDatabase(
  positions: ReadonlyMap<string, number>,
  digests: Buffer,
  oddities: ReadonlyMap<string, string>,
): HostDatabase {
  return {
    size: positions.size,
    has: (hostname) => positions.has(hostname),
    digestOf(hostname) {
      const position = positions.get(hostname)
      if (position === undefined) return undefined
      return digests.subarray(position * digestBytes, (position + 1) * digestBytes)
    },
    hostnames: () => positions.keys(),
    oddityOf: (hostname) => oddities.get(hostname),
  }
}
