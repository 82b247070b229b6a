import { parse } from 'csv-parse/sync'
import { parseHostname } from '../net/hostname.js'
import { parseTokenCell, type TokenCell } from './token.js'

/** A good line of the CSV. */
export interface HostRow {
  /** Counted from 1. */
  readonly line: number
  /** Canonical host name. */
  readonly name: string
  readonly token: TokenCell
}

/** Something that is not right with a line of the CSV, in words that never repeat a token. */
export interface Problem {
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
}

/**
 * All lines of a CSV that hold a host, or should: the good ones, and what is wrong with the others. Passed over are a byte
 * order mark, blank lines, lines that begin with `#`, and a first line `hostname,token`, which may name more columns: those
 * are the owner's notes. A file that is no text in UTF-8 is one problem, at its first line. Throws nothing.
 */
export function* readHostRows(bytes: Uint8Array): Generator<HostRow | Problem> {
  const reason = reasonAgainstFile(bytes)
  if (reason) return yield { line: 1, reason }
  let line = 0
  let isFirst = true
  let hasNotes = false
  for (const content of splitLines(new TextDecoder('utf-8').decode(bytes))) {
    line++
    if (/^\s*(?:#|$)/.test(content)) continue
    const header = isFirst ? headerPattern.exec(content) : undefined
    isFirst = false
    if (header) hasNotes = /[^\s,"]/.test(header[1] ?? '')
    else yield readLine(line, content, hasNotes)
  }
}

const headerPattern = /^\s*"?hostname"?\s*,\s*"?token"?\s*(,.*)?$/i

/** At most this many bytes are looked at to tell what kind of file it is. */
const sampleBytes = 1000

/** What is wrong with the file as a whole; undefined for one whose lines can be read. */
function reasonAgainstFile(bytes: Uint8Array): string | undefined {
  const sample = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, sampleBytes))
  const start = sample.toString('latin1')
  // What Excel keeps its own files in is a ZIP archive.
  if (start.startsWith('PK\x03\x04')) return 'the file is an Excel workbook: save it as "CSV UTF-8"'
  const isUtf32 = /^(?:\xff\xfe\0\0|\0\0\xfe\xff)/.test(start)
  // Without a mark, the NUL of every ASCII character tells; UTF-8 with NULs is no database either.
  const nuls = start.split('\0').length - 1
  const isUtf16 = /^(?:\xff\xfe|\xfe\xff)/.test(start) || nuls > start.length / 4
  if (!isUtf32 && !isUtf16) return undefined
  return `the file is UTF-${isUtf32 ? 32 : 16}: save it as UTF-8 (in PowerShell, with -Encoding utf8)`
}

function* splitLines(text: string): Generator<string> {
  const ends = /\r\n|\n|\r/g
  let start = 0
  for (let end = ends.exec(text); end; end = ends.exec(text)) {
    yield text.slice(start, end.index)
    start = ends.lastIndex
  }
  yield text.slice(start)
}

/** Reads one line by itself, so that a forgotten quote spoils no other; columns behind the token are notes, or not. */
function readLine(line: number, content: string, hasNotes: boolean): HostRow | Problem {
  // What is not UTF-8 has been decoded to U+FFFD.
  if (content.includes('\uFFFD')) return { line, reason: 'not UTF-8 text' }
  const fields = splitFields(content)
  const name = parseHostname(fields?.[0] ?? '')
  const cell = fields?.[1]
  if (!fields || cell === undefined || !name) return { line, reason: reasonAgainst(content, fields) }
  if (fields.length > 2 && !hasNotes && fields.slice(2).some((field) => field.trim() !== '')) {
    return { line, reason: describeCount(fields.length) }
  }
  const token = parseTokenCell(cell)
  return 'problem' in token
    ? { line, reason: `the token of ${name} ${token.problem}` }
    : { line, name, token }
}

function describeCount(fields: number): string {
  const advice =
    'take out the columns after the token, or name them in a first line hostname,token,note; a token that contains a comma belongs in double quotes'
  return `${fields} fields where two are expected: ${advice}`
}

/** Why a line has no host name and token: its quotes, something else than a comma between them, or one is missing. */
function reasonAgainst(content: string, fields: readonly string[] | undefined): string {
  const separator = foreignSeparator(content)
  if (separator) {
    return `${separator} stands where the comma belongs, so the token is missing: a line is hostname,token, with a comma`
  }
  if (!fields)
    return 'its double quotes do not pair: put the whole token in quotes and double each one inside'
  if (fields.length < 2) return 'the token is missing: a line is hostname,token'
  if (fields.length > 2 && fields[0] === '') return describeCount(fields.length)
  // Not repeated: where the two are swapped, it is the token.
  return 'the first field is not a full host name such as home.example.com'
}

/** What stands between a host name and something else in the place of a comma, for a person; undefined for nothing. */
function foreignSeparator(content: string): string | undefined {
  const pattern = /^\s*"?([^\s",;:=|，、]+)"?(?:\s*([;:=|，、])|(\s+)(?![\s,]|$))/
  const [, name = '', character, space = ''] = pattern.exec(content) ?? []
  if (!parseHostname(name)) return undefined
  if (character !== undefined) return `"${character}"`
  return space.includes('\t') ? 'a TAB' : 'a blank'
}

/** Every field is either without a double quote or in double quotes as a whole, each quote inside it doubled (RFC 4180). */
const pairedQuotes = /^(?:[^",]*|\s*"(?:[^"]|"")*"\s*)(?:,(?:[^",]*|\s*"(?:[^"]|"")*"\s*))*$/

/** A longer line is left to csv-parse alone: the pattern takes stack for each character within quotes. */
const maxPatternLength = 65_536

/**
 * The fields of a line without the white space around them, by csv-parse where there are double quotes. Undefined where
 * these do not pair, which is seen first: csv-parse would take ten times as long to complain.
 */
export function splitFields(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(',').map((field) => field.trim())
  if (line.length <= maxPatternLength && !pairedQuotes.test(line)) return undefined
  try {
    const records: string[][] = parse(line, { trim: true, record_delimiter: '\n' })
    return records[0]
  } catch {
    return undefined
  }
}
