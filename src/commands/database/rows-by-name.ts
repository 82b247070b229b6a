import { type HostRow, readHostRows } from '../../hosts/csv.js'
import type { CommandContext } from '../context.js'
import { count } from '../lists.js'

/** The hosts of a database, with the line that counts, in the order in which they first come. */
export interface RowsByName {
  readonly rows: ReadonlyMap<string, HostRow>
  readonly badLines: number
}

/** Reads a CSV of `hostname,token`; empty for one without a good line. Throws nothing. */
export function readRowsByName(bytes: Uint8Array): RowsByName {
  const rows = new Map<string, HostRow>()
  let badLines = 0
  for (const row of readHostRows(bytes)) {
    if ('name' in row) rows.set(row.name, row)
    else badLines++
  }
  return { rows, badLines }
}

/** Says that there are bad lines, if there are. */
export function sayBadLines(say: CommandContext['say'], place: string, badLines: number): void {
  if (badLines > 0) say(`${place}: ${count(badLines, 'bad line')} left out, named by check-database`)
}

/** What to do where these hosts were asked for, and are not there. */
export function describeMissing(place: string, names: readonly string[]): string {
  return `${place} has no host ${names.join(', ')}: dyndns53 list-hosts shows those that it has`
}
