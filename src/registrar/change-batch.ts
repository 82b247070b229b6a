import { addTo } from '../multimap.js'
import { canonicalName, type RecordChange } from '../route53/api.js'
import type { Fault } from '../route53/errors.js'
import type { TokenBucket } from '../route53/rate-limit.js'
import { type DesiredRecord, isChallenge, type Swap } from './record.js'
import type { PendingRecord, SuspectGroup } from './record-queue.js'

/** A record that waits, and the swap that it needs. */
export interface PlannedSwap {
  readonly record: PendingRecord
  /** What the record wanted when this was planned. */
  readonly desired: DesiredRecord
  readonly swap: Swap
  readonly changes: readonly RecordChange[]
}

/** What `writeSwaps` has done with a batch; each is called before the next batch is sent. */
export interface BatchHandlers {
  /** Makes the changes in one transaction: the fault, or undefined once they are accepted and answered. */
  send(batch: readonly PlannedSwap[]): Promise<Fault | undefined>
  /** Route 53 does not let this key write the record, which was alone in its batch. */
  deny(planned: PlannedSwap, fault: Fault): void
  /** Route 53 rejected the record, alone or by name: maybe it is not as it was read. */
  doubt(planned: PlannedSwap, fault: Fault, wasAlone: boolean): void
}

/** Route 53's limits of one change batch (Developer Guide, Quotas); a DELETE and a CREATE count once each. */
const maxValues = 1000
const maxCharacters = 32_000
/** After this many calls a cycle leaves its suspects to the next one, so that those who come meanwhile are not kept. */
const maxCallsPerCycle = 20

/**
 * Writes what is planned: first those under no suspicion, as many in one batch as the quota affords, and then each group
 * of suspects by itself. A batch that is denied or rejected is split until each culprit is alone, and every part is judged
 * by its own answer. Returns the fault that ended it early: one that concerns no record, or a denial of everything so far.
 */
export async function writeSwaps(
  planned: readonly PlannedSwap[],
  changes: TokenBucket,
  on: BatchHandlers,
): Promise<Fault | undefined> {
  const groups = groupsOf(planned, changes)
  let isAnyAccepted = false
  let lastFault: Fault | undefined
  for (let calls = 0; calls < maxCallsPerCycle; ) {
    const group = groups.pop()
    if (!group) return undefined
    const { swaps, suspects } = group
    const [first] = swaps
    if (!first) continue
    const isAlone = swaps.length === 1
    if (suspects?.isGuilty && !isAlone) {
      groups.push(...halves(swaps))
      continue
    }
    calls++
    const fault = await on.send(swaps)
    if (!fault) {
      isAnyAccepted = true
      if (suspects?.sibling) suspects.sibling.isGuilty = true
      continue
    }
    if (fault.kind !== 'rejected' && fault.kind !== 'denied') return fault
    lastFault = fault
    if (!isAlone) {
      groups.push(...split(swaps, fault, on))
      continue
    }
    setApart(swaps)
    if (fault.kind === 'denied') on.deny(first, fault)
    else on.doubt(first, fault, true)
  }
  const isUnexplained = groups.some(({ swaps }) => swaps.length > 1)
  return isUnexplained && !isAnyAccepted ? lastFault : undefined
}

interface Group {
  readonly swaps: readonly PlannedSwap[]
  readonly suspects: SuspectGroup | undefined
}

/**
 * In the reverse order of their writing: single suspects, the larger groups, and at the end those under no suspicion.
 * Addresses and challenges are in no batch together: an IAM policy that allows each in a statement of its own allows no
 * batch that has both, since one statement must allow all of it.
 */
function groupsOf(planned: readonly PlannedSwap[], changes: TokenBucket): Group[] {
  const bySuspects = new Map<SuspectGroup | undefined, PlannedSwap[]>()
  for (const item of planned) {
    addTo(bySuspects, item.record.suspects, item)
  }
  const clean = takeAffordable(bySuspects.get(undefined) ?? [], changes)
  bySuspects.delete(undefined)
  const groups = [...bySuspects].map(([suspects, swaps]) => ({ swaps, suspects }))
  groups.sort((a, b) => a.swaps.length - b.swaps.length)
  const ofKind = (are: boolean) => clean.filter(({ desired }) => isChallenge(desired) === are)
  return [...groups, ...[ofKind(true), ofKind(false)].map((swaps) => ({ swaps, suspects: undefined }))]
}

/**
 * The first of `planned`, at least one, that one batch may hold and the quota affords: what the bucket has now, or else
 * what it gains in a second, so that under a long queue a zone makes one write a second and not one for each token.
 */
export function takeAffordable(planned: readonly PlannedSwap[], changes: TokenBucket): PlannedSwap[] {
  const { burst, perSecond } = changes.quota
  const tokens = Math.min(burst, Math.max(changes.available(), perSecond))
  const batch: PlannedSwap[] = []
  let values = 0
  let characters = 0
  for (const item of planned) {
    values += countValues(item.changes)
    for (const change of item.changes) characters += change.values.join('').length
    const fits = values <= Math.min(maxValues, tokens) && characters <= maxCharacters
    if (!fits && batch.length > 0) break
    batch.push(item)
  }
  return batch
}

/** What changes cost of Route 53's change quota, where an UPSERT would cost two. */
export function countValues(changes: readonly RecordChange[]): number {
  return changes.reduce((sum, { values }) => sum + values.length, 0)
}

/**
 * Splits a batch that was turned down. Route 53's sentence names the records that it objects to, which is believed as a
 * hint where to cut: those that it names are looked at anew, and the others are written. Without a hint, the halves.
 */
function split(swaps: readonly PlannedSwap[], fault: Fault, on: BatchHandlers): Group[] {
  const names = fault.kind === 'rejected' ? namesIn(fault.message) : new Set<string>()
  const named = swaps.filter(({ desired }) => names.has(desired.name))
  if (named.length === 0) return halves(swaps)
  for (const item of named) on.doubt(item, fault, false)
  return [suspect(swaps.filter((item) => !named.includes(item)))]
}

/** What in a sentence could be a domain name, in canonical spelling. */
function namesIn(sentence: string): Set<string> {
  return new Set(sentence.split(/[^A-Za-z0-9_.*\\-]+/).map(canonicalName))
}

/** The second half and the first, which is written before it. Neighbours in the zone stay together: so do their permissions. */
function halves(swaps: readonly PlannedSwap[]): Group[] {
  const sorted = [...swaps].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  const middle = Math.ceil(sorted.length / 2)
  const first = suspect(sorted.slice(0, middle))
  const second = suspect(sorted.slice(middle))
  first.suspects.sibling = second.suspects
  second.suspects.sibling = first.suspects
  return [second, first]
}

function placeOf({ record }: PlannedSwap): string {
  return record.desired.name.split('.').reverse().join('.')
}

function suspect(swaps: readonly PlannedSwap[]): Group & { suspects: SuspectGroup } {
  const suspects: SuspectGroup = { isGuilty: false }
  for (const { record } of swaps) record.suspects = suspects
  return { swaps, suspects }
}

/** Each of these is written by itself from now on. */
export function setApart(swaps: readonly PlannedSwap[]): void {
  for (const item of swaps) suspect([item])
}
