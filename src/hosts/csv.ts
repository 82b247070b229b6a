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
 * order mark, blank lines, lines that begin with `#`, and a first line `hostname,token`. Throws nothing.
 */
export function* readHostRows(bytes: Uint8Array): Generator<HostRow | Problem> {
  for (const row of readRows(bytes)) {
    if ('reason' in row) yield row
    else yield { line: row.line, ...readFields(row.fields) }
  }
}

function readFields([hostname = '', cell, ...more]: readonly string[]):
  | Omit<HostRow, 'line'>
  | Omit<Problem, 'line'> {
  if (cell === undefined) {
    const hint = hostname.includes(';') ? ', with a comma' : ''
    return { reason: `the token is missing: a line is hostname,token${hint}` }
  }
  if (more.length > 0) {
    const count = 2 + more.length
    return {
      reason: `${count} fields where two are expected: put a token that contains a comma in double quotes`,
    }
  }
  const name = parseHostname(hostname)
  // Not repeated: where the two are swapped, it is the token.
  if (!name) return { reason: 'the first field is not a full host name such as home.example.com' }
  const token = parseTokenCell(cell)
  return 'problem' in token ? { reason: `the token of ${name} ${token.problem}` } : { name, token }
}

/** A line of the CSV that holds fields, or why it does not. */
type Row =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly reason: string }

interface Line {
  readonly line: number
  readonly content: string
}

/** At most this many lines are parsed in one go: a large file would be in memory several times over. */
const maxLinesAtOnce = 1000

/** Every line by itself, so that a forgotten quote spoils its own line only. */
function* readRows(bytes: Uint8Array): Generator<Row> {
  let lines: Line[] = []
  let isFirst = true
  for (const line of splitLines(new TextDecoder('utf-8').decode(bytes))) {
    if (/^\s*(#|$)/.test(line.content)) continue
    const isHeader = isFirst && /^\s*"?hostname"?\s*,\s*"?token"?\s*$/i.test(line.content)
    isFirst = false
    if (!isHeader) lines.push(line)
    if (lines.length < maxLinesAtOnce) continue
    yield* readPortion(lines)
    lines = []
  }
  yield* readPortion(lines)
}

function readPortion(lines: readonly Line[]): Row[] {
  const junk: Row[] = []
  const readable = lines.filter(({ line, content }) => {
    const reason = reasonAgainst(content)
    if (reason) junk.push({ line, reason })
    return !reason
  })
  return [...readLines(readable), ...junk].sort((a, b) => a.line - b.line)
}

const unpaired = 'its double quotes do not pair: put the whole token in quotes and double each one inside'

/** What can be seen without reading the line's fields. */
function reasonAgainst(content: string): string | undefined {
  // What is not UTF-8 has been decoded to U+FFFD.
  if (content.includes('\uFFFD')) return 'not UTF-8 text'
  return content.split('"').length % 2 === 0 ? unpaired : undefined
}

function* splitLines(text: string): Generator<Line> {
  const ends = /\r\n|\n|\r/g
  let line = 1
  let start = 0
  for (let end = ends.exec(text); end; end = ends.exec(text)) {
    yield { line, content: text.slice(start, end.index) }
    line++
    start = ends.lastIndex
  }
  yield { line, content: text.slice(start) }
}

/** Reads all lines in one go; where that does not give one record for each line, reads the halves. */
function* readLines(lines: readonly Line[]): Generator<Row> {
  const [first] = lines
  if (!first) return
  const records = parseCsv(lines.map(({ content }) => content).join('\n'))
  if (records?.length === lines.length) {
    for (const [index, { line }] of lines.entries()) yield { line, fields: records[index] ?? [] }
  } else if (lines.length === 1) {
    yield { line: first.line, reason: unpaired }
  } else {
    const half = Math.ceil(lines.length / 2)
    yield* readLines(lines.slice(0, half))
    yield* readLines(lines.slice(half))
  }
}

function parseCsv(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, trim: true, record_delimiter: '\n' })
  } catch {
    return undefined
  }
}
