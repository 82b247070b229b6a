import { type HostRow, readHostRows } from './host-rows.js'

/**
 * The host database as a text to be edited: lines that are not touched stay as they are, byte for byte. Each edit
 * returns new bytes.
 */

/** Adds a line for `name` at the end. */
export function appendHost(bytes: Uint8Array, name: string, cell: string): Uint8Array {
  const lines = splitLines(bytes)
  const ending = /\r\n|\n|\r/.exec(lines[0] ?? '')?.[0] ?? '\n'
  const last = lines.at(-1)
  if (last && !/[\r\n]$/.test(last)) lines.push(ending)
  return join([...lines, toText(`${name},${quoted(cell)}`) + ending])
}

/** Takes out every line of `name`, as an earlier one would count again if only the last went. */
export function removeHost(bytes: Uint8Array, name: string): Uint8Array {
  const numbers = new Set(hostRows(bytes).flatMap((row) => (row.name === name ? [row.line] : [])))
  return join(splitLines(bytes).filter((_, index) => !numbers.has(index + 1)))
}

/** Replaces the token cells of all hosts for which `cellFor` gives a new one; the rest of their lines stays. */
export function replaceTokens(bytes: Uint8Array, cellFor: (row: HostRow) => string | undefined): Uint8Array {
  const lines = splitLines(bytes)
  for (const row of hostRows(bytes)) {
    const cell = cellFor(row)
    const line = lines[row.line - 1]
    if (cell === undefined || line === undefined) continue
    const [, hostField = '', ending = ''] = /^([^,]*,[ \t]*)(?:.*?)([ \t]*(?:\r\n|\n|\r)?)$/s.exec(line) ?? []
    lines[row.line - 1] = hostField + toText(quoted(cell)) + ending
  }
  return join(lines)
}

function hostRows(bytes: Uint8Array): HostRow[] {
  return [...readHostRows(bytes)].filter((row) => 'name' in row)
}

/** As latin1 text, where every byte is a character, each line with its ending. */
function splitLines(bytes: Uint8Array): string[] {
  return (
    Buffer.from(bytes)
      .toString('latin1')
      .match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []
  )
}

function join(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join(''), 'latin1')
}

function toText(field: string): string {
  return Buffer.from(field).toString('latin1')
}

function quoted(cell: string): string {
  return /[",\s#]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
