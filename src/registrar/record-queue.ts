import type { Clock } from '../net/clock.js'
import type { Fault } from '../route53/errors.js'
import {
  covers,
  type DesiredRecord,
  recordKey,
  type Swap,
  supersede,
  type Target,
  type Unavailable,
  type UpdateOutcome,
  unavailable,
} from './record.js'

interface Waiter {
  /** What they asked for. */
  readonly target: Target
  tell(outcome: UpdateOutcome): void
}

/** Records that are written together, apart from all others, since Route 53 turned a batch down that held them. */
export interface SuspectGroup {
  /** Whether one of them at least is known to be in the way of the others. */
  isGuilty: boolean
  /** The other half of the group that it was split from: guilty when this one is accepted. */
  sibling?: SuspectGroup
}

/** A record that is not yet settled, and those who wait to hear what became of it; at most one for each name and type. */
export interface PendingRecord {
  /** As `recordKey` writes it. */
  readonly key: string
  /** What was asked for last: `ask` swaps it, at any moment. A cycle works on what it was when the cycle began. */
  desired: DesiredRecord
  /** Bounded by the connections that wait. */
  readonly waiters: Set<Waiter>
  /** When a client last asked for it. */
  lastAskedMs: number
  /** Not to be tried before; 0 for at once. */
  notBeforeMs: number
  /** Whether a cycle is about it; set by its zone's writer. */
  isInFlight: boolean
  /** Why it is not tried before `notBeforeMs`, where only the owner can mend that: told at once to whoever asks again. */
  postponed?: Unavailable | undefined
  /** The last fault of a call that it was part of, for those whose time is up. */
  lastFault?: Fault | undefined
  /** It is settled, and only looked at once more at `notBeforeMs`, since a write of it may still come late. */
  isWatched?: boolean
  /** A swap whose answer was lost: what it would have left, if found there, is its doing. */
  lostWrite?: Swap | undefined
  /** The group that it is written with, apart from all others; owned by change-batch. */
  suspects?: SuspectGroup | undefined
  /** Whether this key was not allowed to write it when it was last tried, alone; owned by the zone's writer. */
  isDenied?: boolean
  /** The swap that Route 53 rejected, and what it said; owned by the zone's writer. */
  rejection?: { readonly swap: Swap; readonly message: string; readonly wasAlone: boolean } | undefined
}

/** Records that wait, in the order they are to be tried. */
export interface RecordQueue {
  readonly size: number
  /** Puts a record at the end. */
  add(record: PendingRecord): void
  /** Puts tried but unsettled records back in front. */
  requeue(records: readonly PendingRecord[]): void
  /** Takes out at most `limit` records that may be tried now and are ready, oldest first. */
  takeDue(limit: number, isReady?: (record: PendingRecord) => boolean): PendingRecord[]
  takeAll(): PendingRecord[]
  /** Takes out the records that no client asked for during the last `ageMs`, but not those that are only watched. */
  takeExpired(ageMs: number): PendingRecord[]
  /** Milliseconds until the next record may be tried: 0 for now, Infinity where none is ready. */
  nextDueInMs(isReady?: (record: PendingRecord) => boolean): number
  records(): Iterable<PendingRecord>
}

/** A record that was just asked for, with no one waiting yet. */
export function pendingRecord(desired: DesiredRecord, nowMs: number): PendingRecord {
  return {
    key: recordKey(desired),
    desired,
    waiters: new Set(),
    lastAskedMs: nowMs,
    notBeforeMs: 0,
    isInFlight: false,
  }
}

/**
 * Notes that a client asks for `desired` of a record that is pending already. Those who wait for what that supersedes hear
 * that theirs came too late, unless it may be just being written.
 */
export function ask(record: PendingRecord, desired: DesiredRecord, nowMs: number): void {
  record.lastAskedMs = nowMs
  if (record.isWatched) {
    record.isWatched = false
    record.notBeforeMs = 0
  }
  if (covers(record.desired.target, desired.target)) return
  record.desired = { ...desired, target: supersede(record.desired.target, desired.target) }
  if (!record.isInFlight) answerOutdated(record)
}

/** Whether with `desired` all is done that was asked for up to now. */
export function isAllOf(record: PendingRecord, desired: DesiredRecord): boolean {
  return covers(desired.target, record.desired.target)
}

/** Tells those who asked for `desired`, or for a part of it; nobody is told twice. */
export function answer(record: PendingRecord, desired: DesiredRecord, outcome: UpdateOutcome): void {
  tell(record, ({ target }) => covers(desired.target, target), outcome)
}

/** Tells all who wait, whatever they asked for. */
export function answerAll(record: PendingRecord, outcome: UpdateOutcome): void {
  tell(record, () => true, outcome)
}

/** Tells those who asked for something that is not wanted any more. */
export function answerOutdated(record: PendingRecord): void {
  const reason = 'something newer was asked for before this was written'
  tell(record, ({ target }) => !covers(record.desired.target, target), unavailable('superseded', reason))
}

function tell(record: PendingRecord, isMeant: (waiter: Waiter) => boolean, outcome: UpdateOutcome): void {
  const told = [...record.waiters].filter(isMeant)
  for (const waiter of told) record.waiters.delete(waiter)
  for (const waiter of told) waiter.tell(outcome)
}

/** Resolves with what became of `target`, or with `unavailable` after `waitMs`; the record stays. */
export function outcomeOf(
  record: PendingRecord,
  target: Target,
  waitMs: number,
  clock: Clock,
): Promise<UpdateOutcome> {
  return new Promise((resolve) => {
    const cancel = clock.after(waitMs, () => {
      record.waiters.delete(waiter)
      const { kind, message } = record.lastFault ?? { kind: 'late' }
      const why = message === undefined ? '' : ` (${message})`
      resolve(unavailable(kind, `Route 53 did not settle it in time${why}; it is still being tried`))
    })
    const waiter: Waiter = {
      target,
      tell(outcome) {
        cancel()
        resolve(outcome)
      },
    }
    record.waiters.add(waiter)
  })
}

/** An empty queue. */
export function createRecordQueue(clock: Clock): RecordQueue {
  let waiting = new Set<PendingRecord>()

  function takeOut(records: PendingRecord[]): PendingRecord[] {
    for (const record of records) waiting.delete(record)
    return records
  }

  return {
    get size() {
      return waiting.size
    },
    add: (record) => void waiting.add(record),
    requeue(records) {
      if (records.length > 0) waiting = new Set([...records, ...waiting])
    },
    takeDue(limit, isReady = () => true) {
      const nowMs = clock.now()
      const due: PendingRecord[] = []
      for (const record of waiting) {
        if (due.length === limit) break
        if (record.notBeforeMs <= nowMs && isReady(record)) due.push(record)
      }
      return takeOut(due)
    },
    takeAll: () => takeOut([...waiting]),
    takeExpired(ageMs) {
      const limitMs = clock.now() - ageMs
      return takeOut([...waiting].filter((record) => !record.isWatched && record.lastAskedMs < limitMs))
    },
    nextDueInMs(isReady = () => true) {
      let next = Number.POSITIVE_INFINITY
      for (const record of waiting)
        if (record.notBeforeMs < next && isReady(record)) next = record.notBeforeMs
      return Math.max(0, next - clock.now())
    },
    records: () => waiting,
  }
}
