import type { Logger } from 'pino'
import { addTo } from '../multimap.js'
import { type Clock, createPause } from '../net/clock.js'
import { isWithin, parentOf } from '../net/hostname.js'
import type { Cursor, RecordSet, RecordType, Route53, Zone } from '../route53/api.js'
import { faultOf } from '../route53/errors.js'
import { spend, type TokenBucket } from '../route53/rate-limit.js'
import { recordKey } from './record.js'
import type { RecordCache } from './record-cache.js'

/**
 * Reads a whole zone again and again, page by page, and remembers every name on it. A busy zone is swept: a page tells of
 * up to 300 names, where reading each record when its host calls would cost a page for each.
 */
export interface ZoneSweep {
  /** Whether the zone is swept now. */
  readonly isOn: boolean
  /** A call wants to know what is held at some name; begins the sweep where that is more than reads can keep up with. */
  noteLookUp(): void
  /** The last round that went through the whole zone was no longer ago than is allowed: what it did not see is not there. */
  isComplete(): boolean
  /** The nearest name at or above `name` that the last whole round saw delegated away. */
  delegatedAt(name: string): string | undefined
  /** Ends the pause that it is in; to be called when `isClosing` has become true. */
  end(): void
}

/** What a sweep works with; times in milliseconds. */
export interface ZoneSweepOptions {
  readonly route53: Route53
  /** Spent one for each page, as for each call to Route 53. */
  readonly requests: TokenBucket
  /** Spent one for each page of a sweep, whichever the zone: their share of `requests`. */
  readonly reads: TokenBucket
  readonly cache: RecordCache
  readonly clock: Clock
  readonly log: Logger
  /** A round begins no sooner than this after the one before; 0: the zone is never swept. */
  readonly recheckMs: number
  /** What was seen longer ago is not remembered, not even while the zone is swept. */
  readonly recheckMaxMs: number
  /** What was learnt before this moment of the clock is not believed; a sweep ends where nothing is. */
  readonly rememberSinceMs: () => number
  /** The service ends: no page is read any more. */
  readonly isClosing: () => boolean
  /** A page was read: some who wait may know now what they wait for. */
  readonly onPage: () => void
}

const pageSize = 300
/** Look-ups are counted over this time. */
const windowMs = 10_000
/** Below this demand a sweep ends: the half of what began it, so that it does not begin again at once. */
const endsBelow = 0.5
/** After a failed page, doubling with each in a row up to the second one. */
const [firstPauseMs, longestPauseMs] = [1000, 30_000]
const recordTypes: readonly RecordType[] = ['A', 'AAAA', 'TXT']

/** A sweep that is off. */
export function createZoneSweep(zone: Zone, options: ZoneSweepOptions): ZoneSweep {
  const { clock, log, reads, cache } = options
  let isOn = false
  // Owned here: look-ups since the window began.
  let lookUps = { count: 0, sinceMs: clock.now() }
  // Owned here, swapped whole at the end of each round.
  let lastRound: { startedMs: number; cuts: ReadonlySet<string> } | undefined
  const pause = createPause(clock)

  const mayRemember = () => options.rememberSinceMs() <= clock.now()

  /** How many look-ups come for each page that may be read for them. */
  function demand(): number {
    const elapsedMs = Math.max(windowMs / 2, clock.now() - lookUps.sinceMs)
    return (lookUps.count * 1000) / elapsedMs / reads.quota.perSecond
  }

  async function sweep(): Promise<void> {
    log.info({ zone: zone.name }, 'the zone is swept: its hosts call more often than each can be read')
    for (let isFirst = true; !options.isClosing(); isFirst = false) {
      const startedMs = clock.now()
      lookUps = { count: 0, sinceMs: startedMs }
      const round = await readZone(isFirst)
      if (!round) break
      lastRound = { startedMs, cuts: round.cuts }
      cache.dropSeenBefore(startedMs)
      // Only now is it known which records are not there.
      options.onPage()
      log.info({ zone: zone.name, pages: round.pages, ms: Math.round(clock.now() - startedMs) }, 'zone read')
      await pause.take(Math.max(0, startedMs + options.recheckMs - clock.now()))
      if (demand() < endsBelow || !mayRemember()) break
    }
    log.info({ zone: zone.name }, 'the zone is swept no more')
  }

  function begin(): void {
    isOn = true
    const end = (error?: unknown) => {
      if (error !== undefined) log.error({ zone: zone.name, err: error }, 'a bug of this service')
      isOn = false
      options.onPage()
    }
    void sweep().then(() => end(), end)
  }

  /** Reads every page once; undefined where the service ends or the zone is gone. */
  async function readZone(isFirst: boolean): Promise<{ pages: number; cuts: Set<string> } | undefined> {
    const cuts = new Set<string>()
    let pages = 0
    let partial: readonly RecordSet[] = []
    let next: Cursor | undefined = { name: zone.name }
    while (next) {
      const startedMs = clock.now()
      const page = await readPage(next, isFirst)
      if (!page) return undefined
      pages++
      next = page.next
      const sets = [...partial, ...page.recordSets]
      // The sets of the last name may go on on the next page.
      const last = next?.name
      partial = last === undefined ? [] : sets.filter(({ name }) => name === last)
      const whole = sets.filter(({ name }) => name !== last)
      remember(whole, cuts, startedMs)
      // The last page is told of when the round is complete: a call before would use up the wake-up.
      if (next) options.onPage()
    }
    return { pages, cuts }
  }

  /** The first round is as fast as the quota allows: nothing is known yet. Tried again until the service ends. */
  async function readPage(start: Cursor, isFirst: boolean) {
    for (let pauseMs = firstPauseMs; !options.isClosing(); pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const read = () => options.route53.listRecordSets(zone.id, start, pageSize)
        const call = () => spend(options.requests, 1, read)
        return await (isFirst ? call() : spend(reads, 1, call))
      } catch (error) {
        const { kind, message } = faultOf(error)
        log.warn({ zone: zone.name, fault: kind, reason: message }, 'a page of the zone could not be read')
        if (kind === 'zone-gone') return undefined
        if (kind === 'throttled') options.requests.drain()
        await pause.take(pauseMs)
      }
    }
    return undefined
  }

  function remember(sets: readonly RecordSet[], cuts: Set<string>, startedMs: number): void {
    const byKey = new Map<string, RecordSet[]>()
    for (const set of sets) {
      if (set.type === 'NS' && set.name !== zone.name) cuts.add(set.name)
      for (const type of recordTypes)
        if (set.type === type || set.type === 'CNAME') addTo(byKey, recordKey({ name: set.name, type }), set)
    }
    for (const [key, recordSets] of byKey) {
      // In the order of the list, a name comes before all that lie below it.
      const delegatedAt = nearest(cuts, recordSets[0]?.name ?? '')
      cache.put(key, { recordSets, delegatedAt }, startedMs)
    }
  }

  function nearest(cuts: ReadonlySet<string>, name: string): string | undefined {
    if (cuts.size === 0) return undefined
    for (let at = name; at !== zone.name && isWithin(at, zone.name); at = parentOf(at))
      if (cuts.has(at)) return at
    return undefined
  }

  return {
    get isOn() {
      return isOn
    },
    noteLookUp() {
      if (!isOn && clock.now() - lookUps.sinceMs > windowMs) lookUps = { count: 0, sinceMs: clock.now() }
      lookUps.count++
      const isWorthwhile = options.recheckMs > 0 && mayRemember() && demand() > 1
      if (!isOn && isWorthwhile && !options.isClosing()) begin()
    },
    isComplete: () =>
      lastRound !== undefined &&
      clock.now() - lastRound.startedMs < options.recheckMaxMs &&
      lastRound.startedMs >= options.rememberSinceMs(),
    delegatedAt: (name) => lastRound && nearest(lastRound.cuts, name),
    end: pause.end,
  }
}
