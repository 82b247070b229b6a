import type { Zone } from '../route53/api.js'
import { type Fault, faultOf } from '../route53/errors.js'
import { spend, type TokenBucket } from '../route53/rate-limit.js'
import { type BatchHandlers, countValues, type PlannedSwap, writeSwaps } from './change-batch.js'
import { planRecord } from './plan.js'
import {
  addressOf,
  type DesiredRecord,
  type HeldRecords,
  isChallenge,
  type Swap,
  type UpdateOutcome,
  unavailable,
} from './record.js'
import type { RecordCache } from './record-cache.js'
import {
  answer,
  answerAll,
  answerOutdated,
  createRecordQueue,
  isAllOf,
  type PendingRecord,
  type RecordQueue,
} from './record-queue.js'
import {
  createRetryLoop,
  publishOwnersFault,
  type RetryLoop,
  type RetryLoopOptions,
  type Step,
} from './retry-loop.js'
import { createZoneReader, type ZoneReaderOptions } from './zone-reader.js'

/** What every zone's writer works with. */
export interface ZoneWriterOptions extends RetryLoopOptions, ZoneReaderOptions {
  /** Spent one for each value that is created or deleted, as Route 53 counts them. */
  readonly changes: TokenBucket
  /** A record is settled: it was accepted, is there already, or is refused. */
  readonly onSettled: (desired: DesiredRecord, outcome: UpdateOutcome) => void
  /** Whether the zone is the one that a name belongs to; another one may have become known. */
  readonly isZoneOf: (zone: Zone, name: string) => boolean
  /** Takes over records that this zone's writer is not the one for; `isGone`: Route 53 does not know the zone any more. */
  readonly onHomeless: (records: PendingRecord[], zone: Zone, isGone: boolean) => void
}

/** Brings one zone to what is desired of it, one cycle at a time: read, decide, swap, answer. */
export interface ZoneWriter extends RetryLoop {
  readonly zone: Zone
  readonly queue: RecordQueue
  /** What was seen in this zone lately. */
  readonly cache: RecordCache
  /** What is known of a record without a read, for a call that has just come. */
  lookUp(key: string, name: string): HeldRecords | undefined
  /** The service ends: what only waits for more traffic ends now. */
  end(): void
}

/** A cycle takes no more than a full batch of swaps. */
const maxPerCycle = 500
/** The longest pause in which nothing but time, or the sweep, may make a record ready. */
const longestIdleMs = 60_000
/** A record that keeps changing between our look and our write is looked at this often in one cycle. */
const maxLooks = 5
/** And then tried again after this time, in milliseconds. */
const restlessRetryMs = 5000
/** A record that this key may not write is tried again, by itself, after this time. */
const deniedRetryMs = 60_000
/** Groups that are still suspected, when nothing of a whole cycle was accepted, are split on after this time. */
const suspectRetryMs = 2000

/** A writer with nothing to do. */
export function createZoneWriter(zone: Zone, options: ZoneWriterOptions): ZoneWriter {
  const { clock, log, publish, route53, requests, changes, onHomeless, onOver } = options
  const queue = createRecordQueue(clock)
  const reader = createZoneReader(zone, options, () => void loop.run())
  const { cache } = reader

  async function step(): Promise<Step> {
    // However many suspects there are, whoever comes meanwhile is in the next cycle.
    const clean = queue.takeDue(maxPerCycle, (record) => !record.suspects && reader.isReady(record))
    const due = [...clean, ...queue.takeDue(maxPerCycle - clean.length, reader.isReady)]
    const ours = due.filter(({ desired }) => options.isZoneOf(zone, desired.name))
    if (ours.length < due.length) {
      onHomeless(
        due.filter((record) => !ours.includes(record)),
        zone,
        false,
      )
    }
    if (due.length === 0)
      return { kind: 'idle', ms: Math.min(longestIdleMs, queue.nextDueInMs(reader.isReady)) }
    const open = new Set(ours)
    for (const record of ours) beginCycle(record)
    try {
      const fault = await runCycle(open)
      if (fault?.kind !== 'zone-gone') return fault ? { kind: 'failed', fault } : { kind: 'done' }
      cache.clear()
      onHomeless([...open, ...queue.takeAll()], zone, true)
      open.clear()
      return { kind: 'failed', fault }
    } finally {
      for (const record of ours) record.isInFlight = false
      for (const record of open) answerOutdated(record)
      queue.requeue([...open])
    }
  }

  /** Reads, decides, writes; what is settled leaves `open`. Returns the fault that ended the cycle early, if any. */
  async function runCycle(open: Set<PendingRecord>): Promise<Fault | undefined> {
    let looked: readonly PendingRecord[] = [...open]
    for (let look = 1; looked.length > 0; look++) {
      let held: ReadonlyMap<string, HeldRecords>
      try {
        held = await reader.read(looked, queue.records())
      } catch (error) {
        return noteFault(faultOf(error), looked)
      }
      const planned: PlannedSwap[] = []
      for (const record of looked) {
        const found = held.get(record.key)
        const item = found && plan(record, found, open)
        if (item) planned.push(item)
      }
      const restless: PendingRecord[] = []
      const fault = await writeSwaps(planned, changes, handlers(open, restless))
      if (fault?.kind === 'denied' || fault?.kind === 'rejected') postponeSuspects(open, fault)
      else if (fault) return noteFault(fault, looked)
      if (look === maxLooks) for (const record of restless) postponeRestless(record)
      looked = look === maxLooks ? [] : restless
    }
    return undefined
  }

  /** Settles what needs no write or may not have one; returns the swap that is needed otherwise. */
  function plan(record: PendingRecord, held: HeldRecords, open: Set<PendingRecord>): PlannedSwap | undefined {
    const { desired } = record
    const next = planRecord(record, held)
    if ('swap' in next) return next
    if (next.rejected) {
      const { reason } = next.rejected
      cache.put(record.key, { ...held, rejected: next.rejected })
      publish({ kind: 'route53-failed', fault: 'rejected', host: desired.name, reason })
    }
    settle(record, desired, next.outcome, open, record.lostWrite)
    return undefined
  }

  function handlers(open: Set<PendingRecord>, restless: PendingRecord[]): BatchHandlers {
    return {
      send: (batch) => send(batch, open),
      deny({ record, desired }, { message }) {
        const { name, type } = desired
        const what = `route53:ChangeResourceRecordSets with the actions CREATE and DELETE for ${type} records`
        const reason = `this AWS key may not change ${name}: allow ${what} of this name in its IAM policy, as dyndns53 iam-policy prints it (${message})`
        log.error({ host: name, type, reason }, 'update denied')
        publish({ kind: 'route53-failed', fault: 'denied', host: name, reason })
        record.notBeforeMs = clock.now() + deniedRetryMs
        record.postponed = unavailable('denied', reason)
        record.isDenied = true
        answer(record, desired, record.postponed)
      },
      doubt({ record, swap }, { message }, wasAlone) {
        cache.forget(record.key)
        record.rejection = { swap, message, wasAlone }
        restless.push(record)
      },
    }
  }

  async function send(batch: readonly PlannedSwap[], open: Set<PendingRecord>): Promise<Fault | undefined> {
    const batchChanges = batch.flatMap((item) => item.changes)
    const change = () => spend(requests, 1, () => route53.change(zone.id, batchChanges))
    let changeId: string
    try {
      changeId = await spend(changes, countValues(batchChanges), change)
    } catch (error) {
      const fault = faultOf(error)
      if (fault.kind === 'lost') for (const item of batch) noteLost(item)
      // IAM denies a call before Route 53 counts its changes.
      if (fault.kind === 'denied') changes.refund(countValues(batchChanges))
      return fault
    }
    log.info({ zone: zone.name, records: batch.length, changeId }, 'records written')
    for (const { record, desired, swap } of batch) {
      cache.put(record.key, { recordSets: swap.wanted ? [swap.wanted] : [] })
      if (record.isDenied) readmit(desired)
      settle(record, desired, { kind: 'good', address: addressOf(swap.wanted), changeId }, open, swap)
    }
    return undefined
  }

  function noteLost({ record, swap }: PlannedSwap): void {
    record.lostWrite = swap
    cache.doubt(record.key)
  }

  /** This record was denied and is accepted: maybe the policy was mended, and the others of its kind are tried at once. */
  function readmit(accepted: DesiredRecord): void {
    const suspects = { isGuilty: false }
    for (const record of queue.records()) {
      if (!record.isDenied || isChallenge(record.desired) !== isChallenge(accepted)) continue
      record.notBeforeMs = 0
      record.suspects = suspects
    }
  }

  /** `swap`: what was done, where the outcome is `good`. */
  function settle(
    record: PendingRecord,
    desired: DesiredRecord,
    outcome: UpdateOutcome,
    open: Set<PendingRecord>,
    swap: Swap | undefined,
  ): void {
    const { name, type } = desired
    if (outcome.kind === 'refused') log.warn({ host: name, type, reason: outcome.reason }, 'update refused')
    if (outcome.kind === 'good') {
      const [address, previous] = [outcome.address, addressOf(swap?.held)]
      publish({ kind: 'record-written', host: name, type, address, previous })
      // Looked at once more, it is not said again.
      record.lostWrite = undefined
    }
    options.onSettled(desired, outcome)
    answer(record, desired, outcome)
    Object.assign(record, {
      suspects: undefined,
      isDenied: false,
      rejection: undefined,
      postponed: undefined,
    })
    if (!isAllOf(record, desired)) return
    const doubtEndsMs = cache.doubtEndsMs(record.key)
    if (doubtEndsMs === undefined) {
      open.delete(record)
      onOver(record)
      return
    }
    record.isWatched = true
    record.notBeforeMs = doubtEndsMs
  }

  /** Nothing was accepted, and it may go on like this: those who wait are told so, and nobody else has to wait for it. */
  function postponeSuspects(open: ReadonlySet<PendingRecord>, fault: Fault): void {
    const { kind, message } = fault
    log.warn({ zone: zone.name, fault: kind, reason: message }, 'nothing of a whole cycle was accepted')
    publishOwnersFault(fault, publish)
    for (const record of open) {
      if (!record.suspects || record.isDenied) continue
      record.notBeforeMs = clock.now() + suspectRetryMs
      record.postponed = unavailable(kind, message)
      answerAll(record, record.postponed)
    }
  }

  function postponeRestless(record: PendingRecord): void {
    const { name, type } = record.desired
    const reason = `${name} ${type} keeps changing in Route 53 between our look and our write`
    log.warn({ host: name, type, reason }, 'update postponed')
    record.notBeforeMs = clock.now() + restlessRetryMs
    answer(record, record.desired, unavailable('changing', reason))
  }

  const loop = createRetryLoop(queue, options, { message: 'Route 53 call failed', zone: zone.name }, step)
  return {
    zone,
    queue,
    cache,
    run: loop.run,
    lookUp: reader.lookUp,
    end: reader.end,
  }
}

function beginCycle(record: PendingRecord): void {
  record.isInFlight = true
  record.isWatched = false
  if (!record.isDenied) record.postponed = undefined
}

function noteFault(fault: Fault, records: readonly PendingRecord[]): Fault {
  for (const record of records) record.lastFault = fault
  return fault
}
