import type { RecordChange, Zone } from '../route53/api.js'
import { classifyFault, type Fault } from '../route53/errors.js'
import { spend } from '../route53/rate-limit.js'
import { type PlannedChange, splitRejected, takeAffordable } from './change-batch.js'
import { type UpdateOutcome, wantText } from './record.js'
import { changed, judge, type Sighting } from './record-cache.js'
import { answer, keyOf, type PendingRecord } from './record-queue.js'
import { readSightings, rememberedSightings, type Sightings } from './sightings.js'
import type { WriterContext } from './writer-context.js'

/** After so many calls a cycle splits no further: what is left waits for a later one. */
const maxWritesPerCycle = 40
/** A record that this key may not write is tried again, by itself, after this time. */
const deniedRetryMs = 60_000

/**
 * One cycle of one zone: reads what Route 53 holds for the batch, compares, writes what differs, answers. What is
 * settled leaves `batch`; what is left in it must be tried again. `waiting` are the records of the zone that wait
 * for a later cycle. Returns the fault that ended the cycle early, if any.
 */
export async function runCycle(
  zone: Zone,
  batch: Map<string, PendingRecord>,
  waiting: Iterable<PendingRecord>,
  context: WriterContext,
): Promise<Fault | undefined> {
  const remembered = rememberedSightings(batch, context)
  let read: Sightings
  try {
    read = await readSightings(zone, batch, remembered, waiting, context)
  } catch (error) {
    return classifyFault(error)
  }
  const planned: PlannedChange[] = []
  for (const [key, record] of [...batch]) {
    const sighting = read.get(key) ?? remembered.get(key)
    if (!sighting) continue
    const decision = decide(record, sighting)
    if (decision.kind === 'write') planned.push({ record, change: decision.change })
    else settle(batch, record, decision, context)
  }
  return write({ zone, batch, read, context }, planned)
}

/** How a deletion is noted among the unconfirmed writes, which else are addresses. */
const deletion = 'deleted'

/** Compare: the outcome of a record that needs no write or may not have one, or else the change that it needs. */
function decide(
  { desired, unconfirmed }: PendingRecord,
  sighting: Sighting,
): UpdateOutcome | { kind: 'write'; change: RecordChange } {
  const verdict = judge(desired, sighting)
  if (verdict.kind !== 'same') return verdict
  const { address } = verdict
  if (unconfirmed.size === 0) return { kind: 'nochg', address }
  // What is there is what the write did whose answer was lost. Another such write may still be applied: then only a
  // write of our own, which Route 53 does after it, makes sure.
  const isOurs = unconfirmed.size === 1 && unconfirmed.has(address ?? deletion)
  if (isOurs || address === undefined) return { kind: isOurs ? 'good' : 'nochg', address }
  const { name, type, ttlSeconds } = desired
  return { kind: 'write', change: { action: 'UPSERT', name, type, ttlSeconds, value: address } }
}

/** What the writing half of a cycle works with. */
interface Cycle {
  readonly zone: Zone
  readonly batch: Map<string, PendingRecord>
  /** What this very cycle has read, and not remembered. */
  readonly read: Sightings
  readonly context: WriterContext
}

/** Write: as much as the quota affords now in one batch; a rejected one is split until the culprit is alone. */
async function write(cycle: Cycle, planned: readonly PlannedChange[]): Promise<Fault | undefined> {
  const together = planned.filter(({ record }) => !record.alone)
  const groups = planned.filter(({ record }) => record.alone).map((item) => [item])
  if (together.length > 0) groups.push(takeAffordable(together, cycle.context.changes))
  for (let calls = 1; ; calls++) {
    const group = groups.pop()
    const [first] = group ?? []
    if (!group || !first) return undefined
    const fault = await change(cycle, group)
    if (!fault) continue
    const concernsRecords = fault.kind === 'rejected' || fault.kind === 'denied'
    if (!concernsRecords || calls >= maxWritesPerCycle) return fault
    if (group.length > 1) groups.push(...splitRejected(group, fault.message))
    else if (fault.kind === 'denied') postpone(first.record, fault, cycle.context)
    // What was only remembered may have changed since: the next cycle reads it.
    else if (cycle.read.has(keyOf(first.change))) refuse(first.record, fault, cycle)
  }
}

async function change(
  { zone, batch, context }: Cycle,
  group: readonly PlannedChange[],
): Promise<Fault | undefined> {
  const { route53, requests, changes, seen, log } = context
  const batchOfChanges = group.map((item) => item.change)
  const call = () => route53.change(zone.id, batchOfChanges)
  try {
    const changeId = await spend(changes, 2 * group.length, () => spend(requests, 1, call))
    log.info({ zone: zone.name, records: group.length, changeId }, 'records written')
    for (const { record, change } of group) {
      seen.put(keyOf(change), changed(change))
      batch.delete(keyOf(change))
      answer(record, {
        kind: 'good',
        address: change.action === 'DELETE' ? undefined : change.value,
        changeId,
      })
    }
    return undefined
  } catch (error) {
    const fault = classifyFault(error)
    for (const { record, change } of group) {
      seen.forget(keyOf(change))
      if (fault.kind === 'lost') record.unconfirmed.add(change.action === 'DELETE' ? deletion : change.value)
    }
    return fault
  }
}

function settle(
  batch: Map<string, PendingRecord>,
  record: PendingRecord,
  outcome: UpdateOutcome,
  { log }: WriterContext,
): void {
  const { name, type } = record.desired
  if (outcome.kind === 'refused') log.warn({ host: name, type, reason: outcome.reason }, 'update refused')
  batch.delete(keyOf(record.desired))
  answer(record, outcome)
}

function refuse(record: PendingRecord, fault: Fault, { batch, context }: Cycle): void {
  const { desired } = record
  const reason = `Route 53 rejects the change of ${desired.name}: ${fault.message}`
  context.seen.put(keyOf(desired), { recordSets: [], rejected: { want: wantText(desired.want), reason } })
  settle(batch, record, { kind: 'refused', reason }, context)
}

function postpone(record: PendingRecord, fault: Fault, { clock, log }: WriterContext): void {
  const { name, type } = record.desired
  const reason = `this AWS key may not change ${name}: allow it in its IAM policy (${fault.message})`
  log.error({ host: name, type, reason }, 'update denied')
  record.alone = true
  record.notBeforeMs = clock.now() + deniedRetryMs
  answer(record, { kind: 'unavailable', reason })
}
