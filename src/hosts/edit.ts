import { type HostRow, readHostRows } from './csv.js'

/**
 * The host database as a text to be edited: lines that are not touched stay as they are, byte for byte. Each edit
 * returns new bytes, and throws nothing.
 */

/** A host and its token cell as `hostLine` writes them; both without line breaks. */
export interface HostEntry {
  /** Canonical host name. */
  readonly name: string
  readonly cell: string
}

/** The line of a host, without its end. */
export function hostLine({ name, cell }: HostEntry): string {
  return `${name},${csvField(cell)}`
}

/** Adds a line for each host at the end, ended as the first line is. */
export function appendHosts(bytes: Uint8Array, hosts: readonly HostEntry[]): Uint8Array {
  const { mark, lines } = open(bytes)
  const ending = /[\r\n]+$/.exec(lines[0] ?? '')?.[0] ?? '\n'
  const isUnended = lines.length > 0 && !/[\r\n]$/.test(lines.at(-1) ?? '')
  const added = hosts.map((host) => toLatin1(hostLine(host)) + ending)
  return close({ mark, lines: [...lines, isUnended ? ending : '', ...added] })
}

/** Takes out every line of these hosts, as an earlier one would count again if only the last went. */
export function removeHosts(bytes: Uint8Array, names: ReadonlySet<string>): Uint8Array {
  const { mark, lines } = open(bytes)
  for (const row of hostRows(bytes)) {
    if (names.has(row.name)) lines[row.line - 1] = ''
  }
  return close({ mark, lines })
}

/** What stands before the token of a good line, and its token: the first comma ends the host name, as no name contains one. */
const tokenField = /^([^,]*,[ \t]*)(?:[^",\r\n]*"(?:[^"]|"")*"[^,\r\n]*|[^,\r\n]*)/

/** Replaces the token cell of every line for which `cellFor` gives a new one; its name and its notes stay as they are. */
export function replaceTokens(bytes: Uint8Array, cellFor: (row: HostRow) => string | undefined): Uint8Array {
  const { mark, lines } = open(bytes)
  for (const row of hostRows(bytes)) {
    const cell = cellFor(row)
    if (cell === undefined) continue
    const line = lines[row.line - 1] ?? ''
    lines[row.line - 1] = line.replace(tokenField, (_, before: string) => before + toLatin1(csvField(cell)))
  }
  return close({ mark, lines })
}

/** A text in latin1, where each byte is a character. */
interface Document {
  /** The byte order mark, or nothing. It belongs to the file and not to its first line. */
  readonly mark: string
  /** Each with its end, numbered as `readHostRows` does, which passes over the same line ends. */
  readonly lines: string[]
}

const byteOrderMark = '\xef\xbb\xbf'

function open(bytes: Uint8Array): Document {
  const text = Buffer.from(bytes).toString('latin1')
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : ''
  return { mark, lines: text.slice(mark.length).match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [] }
}

function close({ mark, lines }: Document): Uint8Array {
  return Buffer.from(mark + lines.join(''), 'latin1')
}

function* hostRows(bytes: Uint8Array): Generator<HostRow> {
  for (const row of readHostRows(bytes)) {
    if ('name' in row) yield row
  }
}

function toLatin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** A field of the CSV, in double quotes where it needs them. */
function csvField(cell: string): string {
  return /[",\s#]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
