import type { Logger } from 'pino'
import type { Clock } from '../net/clock.js'
import { namesBetween } from '../net/hostname.js'
import type { Cursor, RecordSet, RecordType, Route53, Zone } from '../route53/api.js'
import { walkRecordSets } from '../route53/list-records.js'
import { spend, type TokenBucket } from '../route53/rate-limit.js'
import { type HeldRecords, recordKey } from './record.js'
import { createRecordCache, type RecordCache } from './record-cache.js'
import type { PendingRecord } from './record-queue.js'
import { createZoneSweep } from './zone-sweep.js'

/** Says what a zone holds, from memory where that is young enough, and else from Route 53. */
export interface ZoneReader {
  /** What was seen in this zone lately. */
  readonly cache: RecordCache
  /** What is known of a record without a read, for a call that has just come; undefined where it must be read. */
  lookUp(key: string, name: string): HeldRecords | undefined
  /** Whether a record may be read or is known. While the zone is swept, one that nothing is known of waits for its page. */
  isReady(record: PendingRecord): boolean
  /** The service ends: no sweep goes on. */
  end(): void
  /**
   * What is held for each of `records`, by key. What a page happens to tell of the `waiting` ones is remembered, and spares
   * them a read of their own. Throws a CallError.
   */
  read(
    records: readonly PendingRecord[],
    waiting: Iterable<PendingRecord>,
  ): Promise<ReadonlyMap<string, HeldRecords>>
}

/** What a reader works with; times in milliseconds. */
export interface ZoneReaderOptions {
  readonly route53: Route53
  /** Spent one for each call to Route 53, whichever it is. */
  readonly requests: TokenBucket
  /** Spent one for each page of a sweep, whichever the zone, beside one of `requests`: their share of these. */
  readonly reads: TokenBucket
  readonly clock: Clock
  readonly log: Logger
  /** What was read or written this recently is not read again; 0: always ask. */
  readonly recheckMs: number
  /** The same where a zone is so busy that it is swept. */
  readonly recheckMaxMs: number
  /** What was learnt before this moment of the clock is not believed; Infinity: nothing is. */
  readonly rememberSinceMs: () => number
  /** Once the service ends: the moment of the clock at which nothing may begin any more; Infinity before. */
  readonly deadlineMs: () => number
}

/** Records remembered of one zone: a hundred times as many as a zone may have by default. */
const maxCached = 1_000_000
/** A name above a host is looked at anew after this time: it may have been delegated meanwhile. */
const cutRecheckMs = 5 * 60_000
/** Names above hosts that are remembered; then all are forgotten. */
const maxCuts = 50_000
const recordTypes: readonly RecordType[] = ['A', 'AAAA', 'TXT']

/** A reader of one zone that has read nothing yet; `onPage` is called when a sweep has read a page. */
export function createZoneReader(zone: Zone, options: ZoneReaderOptions, onPage: () => void): ZoneReader {
  const { route53, requests, clock, rememberSinceMs } = options
  const mayRemember = () => rememberSinceMs() <= clock.now()
  const maxAgeMs = () => {
    const allowedMs = sweep.isOn ? options.recheckMaxMs : options.recheckMs
    return Math.max(0, Math.min(allowedMs, clock.now() - rememberSinceMs()))
  }
  const cache = createRecordCache(maxAgeMs, options.recheckMs > 0 ? maxCached : 0, clock)
  const sweep = createZoneSweep(zone, {
    route53,
    requests,
    reads: options.reads,
    cache,
    clock,
    log: options.log,
    recheckMs: options.recheckMs,
    recheckMaxMs: options.recheckMaxMs,
    rememberSinceMs,
    isClosing: () => options.deadlineMs() !== Number.POSITIVE_INFINITY,
    onPage,
  })
  // Owned here: whether the zone hands over to other name servers at a name above a host, and when that was seen.
  const cuts = new Map<string, { isCut: boolean; atMs: number }>()

  const parentsOf = (name: string) => namesBetween(name, zone.name)

  function isKnown(parent: string): boolean {
    const seen = cuts.get(parent)
    return seen !== undefined && clock.now() - seen.atMs < cutRecheckMs
  }

  function noteCut(name: string, recordSets: readonly RecordSet[]): void {
    if (cuts.size >= maxCuts) cuts.clear()
    cuts.set(name, { isCut: recordSets.some(({ type }) => type === 'NS'), atMs: clock.now() })
  }

  /** What matters to each type of record at a name; undefined while it is not known what lies above it. */
  function heldAt(name: string, recordSets: readonly RecordSet[]): Map<string, HeldRecords> | undefined {
    const parents = parentsOf(name)
    if (!parents.every(isKnown)) return undefined
    const isCut = name !== zone.name && recordSets.some(({ type }) => type === 'NS')
    const delegatedAt = isCut ? name : parents.find((parent) => cuts.get(parent)?.isCut)
    return new Map(
      recordTypes.map((type) => {
        const ofType = recordSets.filter((set) => set.type === type || set.type === 'CNAME')
        return [recordKey({ name, type }), { recordSets: ofType, delegatedAt }]
      }),
    )
  }

  async function walk(
    needed: ReadonlySet<string>,
    alsoWanted: Iterable<string>,
  ): Promise<[string, RecordSet[]][]> {
    const found: [string, RecordSet[]][] = []
    const parents = new Set([...needed].flatMap(parentsOf).filter((parent) => !isKnown(parent)))
    const readPage = (start: Cursor, maxItems: number) =>
      spend(requests, 1, () => route53.listRecordSets(zone.id, start, maxItems))
    await walkRecordSets(readPage, new Set([...needed, ...parents]), alsoWanted, (name, recordSets) => {
      if (parents.has(name)) noteCut(name, recordSets)
      found.push([name, [...recordSets]])
    })
    return found
  }

  function known(key: string, name: string): HeldRecords | undefined {
    if (!mayRemember()) return undefined
    const remembered = cache.get(key)
    if (remembered || !sweep.isOn || !sweep.isComplete() || cache.isUnsure(key)) return remembered
    return { recordSets: [], delegatedAt: sweep.delegatedAt(name) }
  }

  return {
    cache,
    lookUp(key, name) {
      sweep.noteLookUp()
      return known(key, name)
    },
    isReady: ({ key, desired }) =>
      !sweep.isOn || !mayRemember() || cache.isUnsure(key) || known(key, desired.name) !== undefined,
    end: () => sweep.end(),
    async read(records, waiting) {
      const held = new Map<string, HeldRecords>()
      const needed = new Set<string>()
      for (const { key, desired } of records) {
        const remembered = known(key, desired.name)
        if (remembered) held.set(key, remembered)
        else needed.add(desired.name)
      }
      if (needed.size === 0) return held
      const read = new Set(records.map(({ key }) => key))
      const bystanders = sweep.isOn ? [] : [...waiting].filter(({ key }) => !cache.get(key))
      const wanted = new Set([...read, ...bystanders.map(({ key }) => key)])
      const startedMs = clock.now()
      for (const [name, recordSets] of await walk(
        needed,
        bystanders.map(({ desired }) => desired.name),
      )) {
        for (const [key, now] of heldAt(name, recordSets) ?? []) {
          if (!wanted.has(key)) continue
          cache.put(key, now, startedMs)
          if (read.has(key)) held.set(key, now)
        }
      }
      return held
    },
  }
}
