import { parse } from 'csv-parse/sync'

/** A line of the CSV that holds fields, or why it does not; lines are counted from 1. */
export type Row =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly reason: string }

/**
 * The rows of a host database: every line by itself, so that a forgotten quote spoils its own line only. Left out are
 * blank lines, lines that begin with `#`, and a first line `hostname,token`.
 */
export function* readRows(bytes: Uint8Array): Generator<Row> {
  const text = new TextDecoder('utf-8').decode(bytes)
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((content, index) => ({ line: index + 1, content }))
    .filter(({ content }) => !/^\s*(#|$)/.test(content))
  if (/^\s*"?hostname"?\s*,\s*"?token"?\s*$/i.test(lines[0]?.content ?? '')) lines.shift()
  yield* readLines(lines)
}

interface Line {
  readonly line: number
  readonly content: string
}

/** Reads all lines in one go; where that does not give one record for each line, reads the halves. */
function* readLines(lines: readonly Line[]): Generator<Row> {
  if (lines.length === 0) return
  const records = parseCsv(lines.map(({ content }) => content).join('\n'))
  if (records?.length === lines.length) {
    for (const [index, { line, content }] of lines.entries()) {
      // What is not UTF-8 has been decoded to U+FFFD.
      if (content.includes('\uFFFD')) yield { line, reason: 'not UTF-8 text' }
      else yield { line, fields: records[index] ?? [] }
    }
  } else if (lines.length === 1) {
    yield {
      line: lines[0]?.line ?? 0,
      reason: 'its double quotes do not pair: put the whole token in quotes and double each one inside',
    }
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
