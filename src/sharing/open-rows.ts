import type { Clock } from '../net/clock.js'
import { covers, type DesiredRecord, recordKey, type UpdateOutcome } from '../registrar/record.js'
import type { RowOutcome, WantedRow } from '../store/wanted-rows.js'
import { desiredOf, rowKey } from './asks.js'

/** The rows that the holder of the lease works on, and what is to be said of them. */
export interface OpenRows {
  readonly size: number
  /** Whether anything is to be said. */
  readonly hasNews: boolean
  /** Notes a row; false where this or something newer was heard of it before. */
  note(row: WantedRow): boolean
  /** The record is settled, and with it each row whose wish is part of `desired` when what `takeNews` returns is called. */
  settle(desired: DesiredRecord, outcome: UpdateOutcome): void
  /** Those who wait for a row are to hear this; it stays open. */
  say(row: WantedRow, outcome: UpdateOutcome): void
  /**
   * Takes out what is to be said. What it returns takes out the rows that are settled by it: to be called when all that was
   * asked before is noted.
   */
  takeNews(): () => (RowOutcome & { isFinal: boolean })[]
  forget(row: WantedRow): void
  /** Takes out all, with the moment at which each was noted, and what is to be said of them. */
  takeAll(): { row: WantedRow; notedMs: number }[]
}

/** Old news of a row may still come for this long after it was settled. */
const newsMs = 60_000

/** No row at first. */
export function createOpenRows(clock: Clock): OpenRows {
  const open = new Map<string, WantedRow>()
  // Which rows a record has, so that a set of values is found as a whole.
  const byRecord = new Map<string, Set<string>>()
  // The newest ask that was heard of each row; in the order of hearing, and forgotten after `newsMs`.
  const newest = new Map<string, { seq: number; atMs: number }>()

  let news: (() => (RowOutcome & { isFinal: boolean })[])[] = []

  function takeCovered(desired: DesiredRecord): WantedRow[] {
    const keys = [...(byRecord.get(recordKey(desired)) ?? [])]
    const rows = keys.flatMap((key) => open.get(key) ?? [])
    const covered = rows.filter((row) => covers(desired.target, desiredOf(row).target))
    for (const row of covered) forget(row)
    return covered
  }

  function forgetOldNews(): void {
    for (const [key, { atMs }] of newest) {
      if (clock.now() - atMs < newsMs) return
      newest.delete(key)
    }
  }

  function forget(row: WantedRow): void {
    const key = rowKey(row)
    open.delete(key)
    const record = recordKey(row)
    const keys = byRecord.get(record)
    keys?.delete(key)
    if (keys?.size === 0) byRecord.delete(record)
  }

  return {
    get size() {
      return open.size
    },
    note(row) {
      const key = rowKey(row)
      const known = open.get(key)?.seq ?? newest.get(key)?.seq ?? 0
      if (row.seq <= known) return false
      forgetOldNews()
      newest.delete(key)
      newest.set(key, { seq: row.seq, atMs: clock.now() })
      open.set(key, row)
      const record = recordKey(row)
      byRecord.set(record, (byRecord.get(record) ?? new Set()).add(key))
      return true
    },
    get hasNews() {
      return news.length > 0
    },
    settle: (desired, outcome) =>
      void news.push(() => takeCovered(desired).map((row) => outcomeOf(row, outcome, true))),
    say: (row, outcome) => void news.push(() => [outcomeOf(row, outcome, false)]),
    takeNews() {
      const taken = news
      news = []
      return () => taken.flatMap((take) => take())
    },
    forget,
    takeAll() {
      const rows = [...open].map(([key, row]) => ({ row, notedMs: newest.get(key)?.atMs ?? clock.now() }))
      news = []
      open.clear()
      byRecord.clear()
      newest.clear()
      return rows
    },
  }
}

function outcomeOf({ id, firstSeq, seq }: WantedRow, outcome: UpdateOutcome, isFinal: boolean) {
  return { id, firstSeq, seq, outcome, isFinal }
}
