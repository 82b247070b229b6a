import { cpus, platform } from 'node:os'

/** A row of a Markdown table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The head of a Markdown table: the first `textColumns` to the left, the others, which hold numbers, to the right. */
export function tableHead(columns: readonly string[], textColumns = 1): string {
  return `${row(columns)}\n${row(columns.map((_, index) => (index < textColumns ? '---' : '---:')))}`
}

/** What a table was measured on. */
export function machine(): string {
  return `Node ${process.versions.node}, ${platform()}, ${cpus().length} cores (${cpus()[0]?.model.trim()}).`
}

/** A number with commas between its thousands. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** Bytes as MiB, with a decimal. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}

/** Writes a line of the report. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Writes a line for the one who waits. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A target as a line of the report. */
export function verdict(isMet: boolean, text: string): string {
  return `- ${isMet ? 'met' : '**missed**'}: ${text}`
}
