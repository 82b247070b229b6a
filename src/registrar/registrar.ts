import type { Logger } from 'pino'
import type { Clock } from '../net/clock.js'
import type { Route53, Zone } from '../route53/api.js'
import { classifyFault } from '../route53/errors.js'
import { createZones } from '../route53/hosted-zones.js'
import { createTokenBucket, type Quota } from '../route53/rate-limit.js'
import { type DesiredRecord, type UpdateOutcome, wantText } from './record.js'
import { createSeen, judge } from './record-cache.js'
import {
  answer,
  createRecordQueue,
  keyOf,
  outcomeOf,
  type PendingRecord,
  pendingRecord,
} from './record-queue.js'
import { createRetryDelay } from './retry-delay.js'
import { createWorkLoop } from './retry-loop.js'
import { answerIfOwnersFault, type WriterContext } from './writer-context.js'
import { createZoneWriter, type ZoneWriter } from './zone-writer.js'

/** Makes Route 53 hold what hosts ask for. */
export interface Registrar {
  /** Resolves with what is true of this very record, within the waiting time; the record is tried on after that. */
  register(desired: DesiredRecord): Promise<UpdateOutcome>
  /** Takes no more records, writes those that wait for up to the closing time, and logs the names of the rest. */
  close(): Promise<void>
}

/** What a registrar works with; every time in milliseconds. */
export interface RegistrarOptions {
  readonly route53: Route53
  readonly log: Logger
  readonly clock: Clock
  /** Numbers from 0 up to 1, for jitter. */
  readonly random: () => number
  /** Calls that may be made to Route 53. */
  readonly requestQuota: Quota
  /** Changes that may be made in it, an UPSERT counted as two. */
  readonly changeQuota: Quota
  /** Zones named outright; empty for all public zones of the account. */
  readonly zoneIds: readonly string[]
  /** What was read or written this recently is not read again; 0: always ask. */
  readonly recheckMs: number
  /** How long a caller waits for an outcome. */
  readonly waitMs: number
  /** A record that no caller asked for during this time is given up. */
  readonly giveUpMs: number
  readonly closeMs: number
  /** Records that may wait at once. */
  readonly maxPending: number
}

const maxSightings = 50_000

/** Creates a registrar; it asks Route 53 for nothing before the first record. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const { clock, log, route53 } = options
  let deadlineMs = Number.POSITIVE_INFINITY
  const context: WriterContext = {
    ...options,
    requests: createTokenBucket(options.requestQuota, clock),
    changes: createTokenBucket(options.changeQuota, clock),
    seen: createSeen(options.recheckMs, maxSightings, clock),
    deadlineMs: () => deadlineMs,
  }
  const zones = createZones(route53, context.requests, clock, log, options.zoneIds)
  // Owned here: a writer for each zone that was ever written to, and the records whose zone must first be found.
  const writers = new Map<string, ZoneWriter>()
  const zoneless = createRecordQueue(clock)
  const lookupDelay = createRetryDelay(options.random)

  const lookup = createWorkLoop({ ...context, queue: zoneless }, async () => {
    try {
      await zones.refresh()
    } catch (error) {
      const fault = classifyFault(error)
      log.warn({ fault: fault.kind, reason: fault.message }, 'hosted zones could not be listed')
      if (fault.kind === 'throttled') context.requests.drain()
      answerIfOwnersFault(fault, zoneless)
      return { ms: lookupDelay.nextMs(fault) }
    }
    lookupDelay.reset()
    for (const record of zoneless.takeAll()) route(record)
    return { ms: 0 }
  })

  function route(record: PendingRecord): void {
    const found = zones.find(record.desired.name)
    if (found.kind === 'none') {
      log.warn({ host: record.desired.name, reason: found.reason }, 'update refused')
      answer(record, { kind: 'refused', reason: found.reason })
      return
    }
    const { queue, run } = found.kind === 'zone' ? writerOf(found.zone) : { queue: zoneless, run: lookup.run }
    queue.add(record)
    void run()
  }

  function writerOf(zone: Zone): ZoneWriter {
    const existing = writers.get(zone.id)
    if (existing) return existing
    const writer = createZoneWriter(zone, context, (records) => {
      zones.invalidate(zone)
      zoneless.giveBack(records)
      void lookup.run()
    })
    writers.set(zone.id, writer)
    return writer
  }

  /** The record of this key that waits, or else is being written; the one that waits is what is wanted last. */
  function pending(desired: DesiredRecord): PendingRecord | undefined {
    const key = keyOf(desired)
    const found = zones.find(desired.name)
    if (found.kind !== 'zone') return zoneless.get(key)
    const writer = writers.get(found.zone.id)
    return writer?.queue.get(key) ?? writer?.inFlight.get(key)
  }

  function* allPending(): Generator<PendingRecord> {
    yield* zoneless.records()
    for (const { queue, inFlight } of writers.values()) {
      yield* queue.records()
      yield* inFlight.values()
    }
  }

  function pendingCount(): number {
    let count = zoneless.size
    for (const { queue, inFlight } of writers.values()) count += queue.size + inFlight.size
    return count
  }

  async function finish(): Promise<void> {
    await lookup.run()
    await Promise.all([...writers.values()].map((writer) => writer.run()))
  }

  return {
    async register(desired) {
      if (deadlineMs !== Number.POSITIVE_INFINITY) return unavailable('the service is shutting down')
      const current = pending(desired)
      if (current && wantText(current.desired.want) === wantText(desired.want)) {
        current.lastAskedMs = clock.now()
        return outcomeOf(current, options.waitMs, clock)
      }
      const sighting = current ? undefined : context.seen.get(keyOf(desired))
      const known = sighting && judge(desired, sighting)
      if (known?.kind === 'same') return { kind: 'nochg', address: known.address }
      if (known?.kind === 'refused') return known
      if (!current && pendingCount() >= options.maxPending)
        return unavailable('too many records wait to be written')
      const record = pendingRecord(desired, clock.now())
      const outcome = outcomeOf(record, options.waitMs, clock)
      route(record)
      return outcome
    },
    async close() {
      deadlineMs = clock.now() + options.closeMs
      await Promise.race([finish(), new Promise<void>((resolve) => clock.after(options.closeMs, resolve))])
      const left = [...allPending()]
      if (left.length === 0) return
      log.error(
        { hosts: left.map(({ desired }) => keyOf(desired)) },
        'not written before the service had to end',
      )
      for (const record of left) answer(record, unavailable('the service is shutting down'))
    },
  }
}

function unavailable(reason: string): UpdateOutcome {
  return { kind: 'unavailable', reason }
}
