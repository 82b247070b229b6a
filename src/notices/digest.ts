import type { Clock } from '../net/clock.js'
import type { Happened } from './describe.js'
import type { CountedItem, NoticeItem, NoticeKind } from './notice.js'

/** When notices of a kind are sent, in milliseconds. */
export interface DigestTiming {
  /** What happens within this time after the first thing goes into the same notice. */
  readonly gatherMs: number
  /** After a notice of several things, the next one of its kind waits this long: a herd goes on for minutes. */
  readonly herdMs: number
  /** There is at most one notice of a kind and subject in this time; what comes meanwhile waits for the next one. */
  readonly restMs: number
}

/** Something that happened. */
export interface Occurrence {
  readonly kind: NoticeKind
  /** Whom it is about, a host mostly: for `restMs` after a notice, no other one tells of it. Empty for the service as a whole. */
  readonly subject: string
  /** Of several things with one key, the latest counts. */
  readonly key: string
  readonly item: NoticeItem
}

/** Gathers what happens into notices, and keeps them few. */
export interface Digest {
  note(occurrence: Occurrence): void
  /** Sends what is gathered now, and what rests too; for the end. */
  flush(): void
}

/** Of a kind, and of a subject that rests, at most this many things are kept; what comes beyond is only counted. */
const maxItems = 1000
/** Of a kind there are at most this many notices in `restMs`, whatever strangers do. */
const maxInRest = 5
/** Of at most this many subjects is it known that they rest; beyond, `herdMs` alone keeps notices few. */
const maxResting = 10_000

/** Things of a kind that are not in a notice yet. */
interface Gathered {
  readonly items: Map<string, { readonly subject: string; readonly item: CountedItem }>
  unnamed: number
}

interface Rest extends Gathered {
  readonly kind: NoticeKind
  readonly untilMs: number
}

/** A digest that holds nothing yet; `now` is the wall clock. */
export function createDigest(
  clock: Clock,
  now: () => Date,
  { gatherMs, herdMs, restMs }: DigestTiming,
  send: (happened: Happened) => void,
): Digest {
  // Owned here: at most one for each kind, each with at most `maxItems`.
  const gathered = new Map<NoticeKind, Gathered & { readonly cancel: () => void }>()
  // When the last notices of a kind were sent, at most `maxInRest`, and how long the next one waits after the last.
  const sentMs = new Map<NoticeKind, { readonly times: readonly number[]; readonly pauseMs: number }>()
  // By kind and subject, the one that ends first first; at most `maxResting`.
  const resting = new Map<string, Rest>()
  let cancelWake: (() => void) | undefined

  function gather(kind: NoticeKind): Gathered {
    const known = gathered.get(kind)
    if (known) return known
    const fresh = { ...nothing(), cancel: clock.after(delayMs(kind), () => close(kind)) }
    gathered.set(kind, fresh)
    return fresh
  }

  function delayMs(kind: NoticeKind): number {
    const { times, pauseMs } = sentMs.get(kind) ?? { times: [], pauseMs: 0 }
    const [first = 0] = times
    const afterLastMs = (times.at(-1) ?? 0) + pauseMs
    const afterFirstMs = times.length < maxInRest ? 0 : first + restMs
    return Math.max(gatherMs, Math.max(afterLastMs, afterFirstMs) - clock.now())
  }

  /** Ends the gathering of a kind: what there is becomes a notice, and its subjects rest. */
  function close(kind: NoticeKind): void {
    const closed = gathered.get(kind)
    if (!closed) return
    closed.cancel()
    gathered.delete(kind)
    const items = [...closed.items.values()]
    for (const { subject } of items) {
      if (resting.size >= maxResting) break
      resting.set(restKey(kind, subject), { ...nothing(), kind, untilMs: clock.now() + restMs })
    }
    const times = [...(sentMs.get(kind)?.times ?? []), clock.now()].slice(-maxInRest)
    sentMs.set(kind, { times, pauseMs: items.length + closed.unnamed > 1 ? herdMs : 0 })
    wakeForRests()
    send({ kind, items: items.map(({ item }) => item), unnamed: closed.unnamed, at: now() })
  }

  /** One timer, for the rest that ends first. */
  function wakeForRests(): void {
    if (cancelWake) return
    const [first] = resting.values()
    if (!first) return
    cancelWake = clock.after(first.untilMs - clock.now(), () => {
      cancelWake = undefined
      endRests(clock.now())
      wakeForRests()
    })
  }

  function stopWaking(): void {
    cancelWake?.()
    cancelWake = undefined
  }

  function endRests(untilMs: number): void {
    for (const [key, rest] of resting) {
      if (rest.untilMs > untilMs) break
      resting.delete(key)
      if (rest.items.size === 0) continue
      const into = gather(rest.kind)
      for (const [itemKey, { subject, item }] of rest.items) add(into, itemKey, subject, item)
      into.unnamed += rest.unnamed
    }
  }

  return {
    note({ kind, subject, key, item }) {
      add(resting.get(restKey(kind, subject)) ?? gather(kind), key, subject, { ...item, times: 1 })
    },
    flush() {
      endRests(Number.POSITIVE_INFINITY)
      for (const kind of [...gathered.keys()]) close(kind)
      stopWaking()
    },
  }
}

function nothing(): Gathered {
  return { items: new Map(), unnamed: 0 }
}

function add(into: Gathered, key: string, subject: string, item: CountedItem): void {
  const before = into.items.get(key)
  if (!before && into.items.size >= maxItems) into.unnamed += item.times
  else into.items.set(key, { subject, item: { ...item, times: item.times + (before?.item.times ?? 0) } })
}

function restKey(kind: NoticeKind, subject: string): string {
  return `${kind} ${subject}`
}
