import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import type { Clock } from '../net/clock.js'
import { isWithin } from '../net/hostname.js'
import type { Route53, Zone } from '../route53/api.js'
import { CallError, faultOf } from '../route53/errors.js'
import { createHostedZones, type ZoneLookup } from '../route53/hosted-zones.js'
import { createTokenBucket, type Quota } from '../route53/rate-limit.js'
import { type Look, look } from './look.js'
import {
  addressOf,
  type DesiredRecord,
  decide,
  recordKey,
  refused,
  type UpdateOutcome,
  unavailable,
} from './record.js'
import {
  answerAll,
  ask,
  createRecordQueue,
  outcomeOf,
  type PendingRecord,
  pendingRecord,
  type RecordQueue,
} from './record-queue.js'
import { createRetryLoop, publishOwnersFault, type RetryLoop, type Step } from './retry-loop.js'
import { createZoneWriter, type ZoneWriter, type ZoneWriterOptions } from './zone-writer.js'

/** Makes Route 53 hold what hosts ask for. */
export interface Registrar {
  /**
   * Resolves with what is true of this very record, within the waiting time, of which the caller has spent `waitedMs`
   * already (default 0); the record is tried on after that.
   */
  register(desired: DesiredRecord, waitedMs?: number): Promise<UpdateOutcome>
  /** The outcome if it is known without a call to Route 53 and nothing about the record is pending; else undefined. */
  recall(desired: DesiredRecord): UpdateOutcome | undefined
  /** Records that are not settled yet. */
  waiting(): number
  /** What Route 53 holds at a name, for a person to see; see `look`. */
  look(name: string): Promise<Look>
  /** Takes no more records, writes those that wait for up to the closing time, and logs the names of the rest. */
  close(): Promise<void>
  /**
   * Takes no more records and begins no change any more, though a read may go on for some pages. Another process goes on with
   * what is returned here: what is not settled. Those who wait hear `unavailable`.
   */
  release(): DesiredRecord[]
}

/** What a registrar works with; every time in milliseconds. */
export interface RegistrarOptions {
  readonly route53: Route53
  readonly log: Logger
  /** Told of records that are written or given up, and of faults that only the owner can mend. */
  readonly publish: Publish
  readonly clock: Clock
  /** Numbers from 0 up to 1, for jitter. */
  readonly random: () => number
  /** Calls that may be made to Route 53. */
  readonly requestQuota: Quota
  /** Values that may be created and deleted in it. */
  readonly changeQuota: Quota
  /** Zones named outright; empty for all public zones of the account. */
  readonly zoneIds: readonly string[]
  /** What was read or written this recently is not read again; 0: always ask. */
  readonly recheckMs: number
  /** The same where a zone's hosts call so often that it is swept. */
  readonly recheckMaxMs: number
  /** How long a caller waits for an outcome. */
  readonly waitMs: number
  /** A record that no caller asked for during this time is given up. */
  readonly giveUpMs: number
  readonly closeMs: number
  /** Records that may wait at once. */
  readonly maxPending: number
  /**
   * What was learnt before this moment of the clock is not believed, as another process may have written since; Infinity:
   * nothing is (default: all is).
   */
  readonly rememberSinceMs?: () => number
  /** Told of every record that is settled, whoever waits for it: it was accepted, is there already, or is refused. */
  readonly onSettled?: (desired: DesiredRecord, outcome: UpdateOutcome) => void
}

/** A pending record and who works on it: the writer of its zone, or the look-up of the zones. */
interface Entry {
  readonly record: PendingRecord
  worker: RetryLoop & { readonly queue: RecordQueue }
}

/** The share of the calls to Route 53 that the sweeps of all zones take. */
const readShare = 0.5
/** Hosts named one by one in a log line. */
const maxNamed = 100

/** Creates a registrar; it asks Route 53 for nothing before the first record. */
export function createRegistrar(options: RegistrarOptions): Registrar {
  const { clock, log, route53, zoneIds, waitMs, onSettled = () => {} } = options
  const { rememberSinceMs = () => Number.NEGATIVE_INFINITY } = options
  let deadlineMs = Number.POSITIVE_INFINITY
  // Owned here: every pending record by its key, so that a record has one worker at a time. Bounded by maxPending.
  const pending = new Map<string, Entry>()
  // Owned here: a writer for each zone that was ever written to. Bounded by the account's zones.
  const writers = new Map<string, ZoneWriter>()
  const requests = createTokenBucket(options.requestQuota, clock)
  const changes = createTokenBucket(options.changeQuota, clock)
  const readsPerSecond = readShare * options.requestQuota.perSecond
  const reads = createTokenBucket({ burst: Math.max(1, readsPerSecond), perSecond: readsPerSecond }, clock)
  const zones = createHostedZones(route53, requests, clock, log, zoneIds)
  const writerOptions: ZoneWriterOptions = {
    route53,
    requests,
    changes,
    reads,
    clock,
    log,
    publish: options.publish,
    random: options.random,
    recheckMs: options.recheckMs,
    recheckMaxMs: options.recheckMaxMs,
    rememberSinceMs,
    onSettled,
    giveUpMs: options.giveUpMs,
    deadlineMs: () => deadlineMs,
    onThrottled() {
      requests.drain()
      changes.drain()
    },
    onOver: ({ key }) => void pending.delete(key),
    isZoneOf(zone, name) {
      const found = zones.find(name)
      return found.kind === 'zone' && found.zone.id === zone.id
    },
    onHomeless(records, zone, isGone) {
      if (isGone) zones.invalidate(zone)
      for (const record of records) place(record, zones.find(record.desired.name))
    },
  }
  const zoneless = createRecordQueue(clock)
  const lookup = {
    queue: zoneless,
    ...createRetryLoop(zoneless, writerOptions, { message: 'hosted zones could not be listed' }, lookUpZones),
  }

  async function lookUpZones(): Promise<Step> {
    // Those who come while the zones are listed wait for the same list.
    try {
      await zones.refresh()
    } catch (error) {
      return { kind: 'failed', fault: faultOf(error) }
    }
    for (const record of zoneless.takeAll()) place(record, zones.find(record.desired.name))
    return { kind: 'done' }
  }

  /** Lists the zones anew, with nobody waiting for it; a failure is tried again when the list is old the next time. */
  async function refreshZones(): Promise<void> {
    try {
      for (const zone of await zones.refresh()) warnOfLeftovers(zone)
    } catch (error) {
      if (!(error instanceof CallError)) {
        log.error({ err: error }, 'a bug of this service')
        return
      }
      log.warn({ fault: error.fault.kind, reason: error.message }, 'hosted zones could not be listed')
      publishOwnersFault(error.fault, options.publish)
    }
  }

  /** A new zone may lie within one that was written to: nobody sees any more what that one holds of it. */
  function warnOfLeftovers(zone: Zone): void {
    for (const { zone: wider, cache } of writers.values()) {
      if (wider.id === zone.id || !isWithin(zone.name, wider.name)) continue
      const hosts = cache.namesWithin(zone.name).slice(0, maxNamed)
      const names = { zone: zone.name, zoneId: zone.id, wider: wider.name, widerId: wider.id, hosts }
      log.warn(
        names,
        'a new zone: its hosts are written there, and records of theirs that the wider zone holds can be deleted',
      )
    }
  }

  /** Gives a record to the worker that it needs next, or answers it where no zone can be its own. */
  function place(record: PendingRecord, found: ZoneLookup): void {
    if (found.kind === 'none') {
      log.warn({ host: record.desired.name, reason: found.reason }, 'update refused')
      pending.delete(record.key)
      const outcome = refused('no-zone', found.reason)
      onSettled(record.desired, outcome)
      answerAll(record, outcome)
      return
    }
    const worker = found.kind === 'zone' ? writerOf(found.zone) : lookup
    pending.set(record.key, { record, worker })
    worker.queue.add(record)
    void worker.run()
  }

  function writerOf(zone: Zone): ZoneWriter {
    const writer = writers.get(zone.id) ?? createZoneWriter(zone, writerOptions)
    writers.set(zone.id, writer)
    return writer
  }

  /** Joins those who wait for this record already, with the same target or a newer one. */
  function join({ record, worker }: Entry, desired: DesiredRecord, leftMs: number): Promise<UpdateOutcome> {
    ask(record, desired, clock.now())
    if (record.postponed !== undefined && record.notBeforeMs > clock.now())
      return Promise.resolve(record.postponed)
    const outcome = outcomeOf(record, desired.target, leftMs, clock)
    void worker.run()
    return outcome
  }

  function fromMemory(desired: DesiredRecord, found: ZoneLookup): UpdateOutcome | undefined {
    if (found.kind !== 'zone') return undefined
    const held = writers.get(found.zone.id)?.lookUp(recordKey(desired), desired.name)
    const decision = held && decide(desired, held)
    if (decision?.kind === 'same') return { kind: 'nochg', address: addressOf(decision.held) }
    return decision?.kind === 'refused' ? decision : undefined
  }

  function unsettled(): PendingRecord[] {
    return [...pending.values()].map(({ record }) => record).filter(({ isWatched }) => !isWatched)
  }

  async function finish(): Promise<void> {
    await lookup.run()
    await Promise.all([...writers.values()].map((writer) => writer.run()))
  }

  return {
    async register(desired, waitedMs = 0) {
      if (deadlineMs !== Number.POSITIVE_INFINITY)
        return unavailable('shutting-down', 'the service is shutting down')
      const entry = pending.get(recordKey(desired))
      const leftMs = Math.max(0, waitMs - waitedMs)
      if (entry) return join(entry, desired, leftMs)
      const found = zones.find(desired.name)
      if (found.kind === 'zone' && zones.isOld()) void refreshZones()
      const known = fromMemory(desired, found)
      if (known) return known
      if (pending.size >= options.maxPending)
        return unavailable('too-many', 'too many records wait to be written')
      const record = pendingRecord(desired, clock.now())
      const outcome = outcomeOf(record, desired.target, leftMs, clock)
      place(record, found)
      return outcome
    },
    recall: (desired) =>
      pending.has(recordKey(desired)) ? undefined : fromMemory(desired, zones.find(desired.name)),
    waiting: () => unsettled().length,
    release() {
      deadlineMs = clock.now()
      for (const writer of writers.values()) writer.end()
      const left = unsettled()
      pending.clear()
      for (const record of left)
        answerAll(record, unavailable('handed-over', 'another process goes on with it'))
      void finish()
      return left.map(({ desired }) => desired)
    },
    look: (name) =>
      look(name, { route53, requests, zones, log, cacheOf: ({ id }) => writers.get(id)?.cache }),
    async close() {
      deadlineMs = clock.now() + options.closeMs
      for (const writer of writers.values()) writer.end()
      let stopWaiting = () => {}
      const timeIsUp = new Promise<void>((resolve) => {
        stopWaiting = clock.after(options.closeMs, resolve)
      })
      await Promise.race([finish(), timeIsUp])
      stopWaiting()
      const left = unsettled()
      if (left.length === 0) return
      log.error({ hosts: left.map(({ key }) => key) }, 'not written before the service had to end')
      for (const record of left)
        answerAll(record, unavailable('shutting-down', 'the service is shutting down'))
    },
  }
}
