import { type PlannedSwap, setApart } from './change-batch.js'
import {
  addressOf,
  decide,
  describeTarget,
  type HeldRecords,
  refused,
  swapChanges,
  type UpdateOutcome,
} from './record.js'
import type { PendingRecord } from './record-queue.js'

/** What a record needs, now that it is known what is held: a swap, or nothing more. */
export type Plan =
  | PlannedSwap
  | {
      readonly outcome: UpdateOutcome
      /** What Route 53 does not take, to be remembered. */
      readonly rejected?: HeldRecords['rejected']
    }

/**
 * Plans what to do about a record. If Route 53 rejected a swap of it, it was looked at anew since then: where something has
 * changed, it is swapped again from what is there; where nothing has, the swap is judged by itself, and refused if it was.
 */
export function planRecord(record: PendingRecord, held: HeldRecords): Plan {
  const { desired, rejection, lostWrite } = record
  const decision = decide(desired, held)
  if (decision.kind === 'refused') return { outcome: decision }
  if (decision.kind === 'same') {
    // What is there is what the write did whose answer was lost.
    const isOurs =
      lostWrite !== undefined && isSame(lostWrite.wanted?.values ?? [], decision.held?.values ?? [])
    return { outcome: { kind: isOurs ? 'good' : 'nochg', address: addressOf(decision.held) } }
  }
  const planned = { record, desired, swap: decision, changes: swapChanges(desired, decision) }
  if (!rejection) return planned
  record.rejection = undefined
  if (!isSame([rejection.swap.held, rejection.swap.wanted], [decision.held, decision.wanted])) {
    record.suspects = undefined
    return planned
  }
  if (!rejection.wasAlone) {
    setApart([planned])
    return planned
  }
  const reason = `Route 53 rejects the change of ${desired.name}: ${rejection.message}`
  const rejected = { target: describeTarget(desired.target), reason }
  return { outcome: refused('rejected', reason), rejected }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
