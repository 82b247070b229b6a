import type { Clock } from '../net/clock.js'
import { type DesiredRecord, type UpdateOutcome, wantText } from './record.js'

type Waiter = (outcome: UpdateOutcome) => void

/** A desired record that is not yet settled, and those who wait to hear what became of it. */
export interface PendingRecord {
  readonly desired: DesiredRecord
  readonly waiters: Set<Waiter>
  /** When a client last asked for it. */
  lastAskedMs: number
  /** Not to be tried before; 0 for at once. */
  notBeforeMs: number
  /** Route 53 denied a batch that held only this record: it is written by itself from then on. */
  alone: boolean
  /**
   * What was sent for this name and type in writes whose answers were lost: each may have been applied, or may be
   * still.
   */
  readonly unconfirmed: Set<string>
}

/** Records by key, in the order they are to be tried; at most one for each name and type. */
export interface RecordQueue {
  readonly size: number
  get(key: string): PendingRecord | undefined
  /** Adds a record, or replaces the waiting one of its key in its place: the replaced one is told so. */
  add(record: PendingRecord): void
  /** Puts tried but unsettled records back in front; one that was superseded meanwhile is told so. */
  giveBack(records: Iterable<PendingRecord>): void
  /** Takes out at most `limit` records that may be tried now, oldest first. */
  takeDue(limit: number): PendingRecord[]
  takeAll(): PendingRecord[]
  /** Milliseconds until the next record may be tried: 0 for now, Infinity for an empty queue. */
  nextDueInMs(): number
  /** Takes out the records that no client asked for during the last `ageMs`. */
  takeOlderThan(ageMs: number): PendingRecord[]
  records(): Iterable<PendingRecord>
}

/** What identifies a record within the account. */
export function keyOf(record: { readonly name: string; readonly type: string }): string {
  return `${record.name} ${record.type}`
}

/** A record that was just asked for, with no one waiting yet. */
export function pendingRecord(desired: DesiredRecord, nowMs: number): PendingRecord {
  return {
    desired,
    waiters: new Set(),
    lastAskedMs: nowMs,
    notBeforeMs: 0,
    alone: false,
    unconfirmed: new Set(),
  }
}

/** Tells all who wait for `record`; nobody is told twice. */
export function answer(record: PendingRecord, outcome: UpdateOutcome): void {
  const waiters = [...record.waiters]
  record.waiters.clear()
  for (const waiter of waiters) waiter(outcome)
}

/** Resolves with the record's outcome, or with `unavailable` after `waitMs`; the record itself stays. */
export function outcomeOf(record: PendingRecord, waitMs: number, clock: Clock): Promise<UpdateOutcome> {
  return new Promise((resolve) => {
    const cancel = clock.after(waitMs, () => {
      record.waiters.delete(waiter)
      resolve({ kind: 'unavailable', reason: 'Route 53 did not settle it in time; it is still being tried' })
    })
    const waiter: Waiter = (outcome) => {
      cancel()
      resolve(outcome)
    }
    record.waiters.add(waiter)
  })
}

/** An empty queue. */
export function createRecordQueue(clock: Clock): RecordQueue {
  let waiting = new Map<string, PendingRecord>()

  function takeOut(records: PendingRecord[]): PendingRecord[] {
    for (const record of records) waiting.delete(keyOf(record.desired))
    return records
  }

  return {
    get size() {
      return waiting.size
    },
    get: (key) => waiting.get(key),
    add(record) {
      const key = keyOf(record.desired)
      const older = waiting.get(key)
      waiting.set(key, record)
      if (older) supersede(older, record)
    },
    giveBack(records) {
      const front = new Map<string, PendingRecord>()
      for (const record of records) {
        const key = keyOf(record.desired)
        const newer = waiting.get(key)
        front.set(key, newer ?? record)
        waiting.delete(key)
        if (newer) supersede(record, newer)
      }
      waiting = new Map([...front, ...waiting])
    },
    takeDue(limit) {
      const nowMs = clock.now()
      const due: PendingRecord[] = []
      for (const record of waiting.values()) {
        if (due.length === limit) break
        if (record.notBeforeMs <= nowMs) due.push(record)
      }
      return takeOut(due)
    },
    takeAll: () => takeOut([...waiting.values()]),
    nextDueInMs() {
      let next = Number.POSITIVE_INFINITY
      for (const record of waiting.values()) next = Math.min(next, record.notBeforeMs)
      return Math.max(0, next - clock.now())
    },
    takeOlderThan(ageMs) {
      const limitMs = clock.now() - ageMs
      return takeOut([...waiting.values()].filter((record) => record.lastAskedMs < limitMs))
    },
    records: () => waiting.values(),
  }
}

/** The newer record takes over those who asked for the same address; the others are told the truth. */
function supersede(older: PendingRecord, newer: PendingRecord): void {
  for (const address of older.unconfirmed) newer.unconfirmed.add(address)
  newer.alone ||= older.alone
  if (wantText(older.desired.want) === wantText(newer.desired.want)) {
    newer.waiters.add((outcome) => answer(older, outcome))
    return
  }
  answer(older, { kind: 'unavailable', reason: 'something newer was asked for before this was written' })
}
