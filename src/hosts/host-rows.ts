import { parseHostname } from '../net/hostname.js'
import { readRows } from './csv.js'
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

/** All lines of a CSV that hold a host, or should: the good ones, and what is wrong with the others. */
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
