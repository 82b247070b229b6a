import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import type { Clock } from '../net/clock.js'
import type { RecordType } from '../route53/api.js'
import type { WantedRow, WantedRows } from '../store/wanted-rows.js'

/** Reads, for the holder of the lease, what is wanted: all of it at first, and then what may have come since. */
export interface RowReader {
  /** This process holds the lease from now on, and has read nothing. */
  begin(): void
  /** At most `limit` rows; some of them again. Throws a PostgresError. */
  read(limit: number): Promise<WantedRow[]>
  /** Now and then takes out the rows that nobody asked for during `ageMs`, and those settled long ago. Throws a PostgresError. */
  dropForgotten(ageMs: number): Promise<WantedRow[]>
}

const housekeepingMs = 10_000
/** Statements end within 2 s, so no row of an earlier number comes to light later than this. */
const commitMs = 3000

/** A reader that has read nothing. */
export function createRowReader(
  rows: WantedRows,
  clock: Clock,
  { log, publish }: { readonly log: Logger; readonly publish: Publish },
): RowReader {
  // Numbers of asks: up to `upTo` rows were seen, up to `mark` all of them, and up to `from` they need not be read again.
  let seen = { from: 0, mark: 0, upTo: 0, markMs: 0 }
  let nextHousekeepingMs = 0

  return {
    begin() {
      seen = { from: 0, mark: 0, upTo: 0, markMs: clock.now() }
    },
    async read(limit) {
      const found = await rows.readOpen(seen.from, limit)
      seen = { ...seen, upTo: Math.max(seen.upTo, found.at(-1)?.seq ?? 0) }
      if (clock.now() - seen.markMs > commitMs)
        seen = { from: seen.mark, mark: seen.upTo, upTo: seen.upTo, markMs: clock.now() }
      return found
    },
    async dropForgotten(ageMs) {
      if (clock.now() < nextHousekeepingMs) return []
      nextHousekeepingMs = clock.now() + housekeepingMs
      await rows.pruneSettled(ageMs)
      const dropped = await rows.dropForgotten(ageMs)
      for (const { name, type } of dropped) {
        log.error({ host: name, type }, 'given up: Route 53 could not be brought to it in time')
        publish({ kind: 'record-given-up', host: name, type: type as RecordType, reason: undefined })
      }
      return dropped
    },
  }
}
