import { classifyFault, type Fault } from './fault.js'
import type { UpdateOutcome } from './record.js'
import { answer, keyOf, type PendingRecord } from './record-queue.js'
import type { Zone } from './route53.js'
import { outcomeFromSighting, type Sighting, written } from './seen.js'
import { walkRecordSets } from './walk.js'
import { splitRejected, takeAffordable } from './write-batch.js'
import type { WriterContext } from './writer-context.js'

/** After so many calls a cycle splits no further: what is left waits for a later one. */
const maxWritesPerCycle = 40
/** A record that this key may not write is tried again, by itself, after this time. */
const deniedRetryMs = 60_000

/**
 * One cycle of one zone: reads what Route 53 holds for the batch, compares, writes what differs, answers. What is
 * settled leaves `batch`; what is left in it must be tried again. `waiting` are the records of the zone that wait
 * for a later cycle: what a page tells of them is remembered. Returns the fault that ended the cycle early, if any.
 */
export async function runCycle(
  zone: Zone,
  batch: Map<string, PendingRecord>,
  waiting: Iterable<PendingRecord>,
  context: WriterContext,
): Promise<Fault | undefined> {
  let sightings: Map<string, Sighting>
  try {
    sightings = await look(zone, batch, waiting, context)
  } catch (error) {
    return classifyFault(error)
  }
  const toWrite: PendingRecord[] = []
  for (const [key, record] of [...batch]) {
    const sighting = sightings.get(key)
    if (!sighting) continue
    const outcome = outcomeFromSighting(record.desired, sighting)
    const settled = outcome && withoutDoubt(record, outcome)
    if (settled) settle(batch, record, settled, context)
    else toWrite.push(record)
  }
  return write(zone, toWrite, batch, context)
}

/** Read: the sighting of every record of the batch, from memory where that is fresh. */
async function look(
  zone: Zone,
  batch: ReadonlyMap<string, PendingRecord>,
  waiting: Iterable<PendingRecord>,
  { route53, requests, seen }: WriterContext,
): Promise<Map<string, Sighting>> {
  const sightings = new Map<string, Sighting>()
  const needed = new Set<string>()
  for (const [key, { desired }] of batch) {
    const sighting = seen.get(key)
    if (sighting) sightings.set(key, sighting)
    else needed.add(desired.name)
  }
  if (needed.size === 0) return sightings
  const unseen = [...waiting].map(({ desired }) => desired).filter((desired) => !seen.get(keyOf(desired)))
  const wantedKeys = new Set([...batch.keys(), ...unseen.map(keyOf)])
  await walkRecordSets(
    async (start, maxItems) => {
      await requests.take(1)
      return route53.listRecordSets(zone.id, start, maxItems)
    },
    needed,
    unseen.map((desired) => desired.name),
    (name, recordSets) => {
      for (const type of ['A', 'AAAA']) {
        const key = keyOf({ name, type })
        if (!wantedKeys.has(key) || sightings.has(key)) continue
        const sighting = { recordSets: recordSets.filter((set) => set.type === type || set.type === 'CNAME') }
        sightings.set(key, sighting)
        seen.put(key, sighting)
      }
    },
  )
  return sightings
}

/**
 * What a reading means after writes whose answers were lost. The address that was sent is there: that write was
 * accepted. Another write may still be applied: undefined, as only a write of our own, which Route 53 does after it,
 * makes sure.
 */
function withoutDoubt(
  { desired, unconfirmed }: PendingRecord,
  outcome: UpdateOutcome,
): UpdateOutcome | undefined {
  if (outcome.kind !== 'nochg' || unconfirmed.size === 0) return outcome
  const isAccepted = unconfirmed.size === 1 && unconfirmed.has(desired.address)
  return isAccepted ? { kind: 'good', address: desired.address } : undefined
}

/** Write: as much as the quota affords now in one batch; a rejected one is split until the culprit is alone. */
async function write(
  zone: Zone,
  records: readonly PendingRecord[],
  batch: Map<string, PendingRecord>,
  context: WriterContext,
): Promise<Fault | undefined> {
  const together = records.filter((record) => !record.alone)
  const groups = records.filter((record) => record.alone).map((record) => [record])
  if (together.length > 0) groups.push(takeAffordable(together, context.changes))
  for (let calls = 1; ; calls++) {
    const group = groups.pop()
    const [first] = group ?? []
    if (!group || !first) return undefined
    const fault = await upsert(zone, group, batch, context)
    if (!fault) continue
    const concernsRecords = fault.kind === 'rejected' || fault.kind === 'denied'
    if (!concernsRecords || calls >= maxWritesPerCycle) return fault
    if (group.length > 1) groups.push(...splitRejected(group, fault.message))
    else if (fault.kind === 'rejected') refuse(first, fault, batch, context)
    else postpone(first, fault, context)
  }
}

async function upsert(
  zone: Zone,
  group: readonly PendingRecord[],
  batch: Map<string, PendingRecord>,
  { route53, requests, changes, seen, log }: WriterContext,
): Promise<Fault | undefined> {
  await changes.take(2 * group.length)
  await requests.take(1)
  try {
    const changeId = await route53.upsert(
      zone.id,
      group.map((record) => record.desired),
    )
    log.info({ zone: zone.name, records: group.length, changeId }, 'records written')
    for (const record of group) {
      const { desired } = record
      seen.put(keyOf(desired), written(desired))
      batch.delete(keyOf(desired))
      answer(record, { kind: 'good', address: desired.address, changeId })
    }
    return undefined
  } catch (error) {
    const fault = classifyFault(error)
    for (const record of group) {
      seen.forget(keyOf(record.desired))
      if (fault.kind === 'lost') record.unconfirmed.add(record.desired.address)
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

function refuse(
  record: PendingRecord,
  fault: Fault,
  batch: Map<string, PendingRecord>,
  context: WriterContext,
): void {
  const { desired } = record
  const reason = `Route 53 rejects the change of ${desired.name}: ${fault.message}`
  context.seen.put(keyOf(desired), { recordSets: [], rejected: { address: desired.address, reason } })
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
