import type { Clock } from '../net/clock.js'
import type { Occurrence } from './digest.js'

/** The hosts that may call. */
export interface Hosts {
  readonly size: number
  has(hostname: string): boolean
  hostnames(): Iterable<string>
}

/** A host, and when it called last. */
export interface HeardHost {
  readonly host: string
  readonly last: Date
}

/** What all processes know of the hosts' calls. Both may fail: then it is tried again later. */
export interface SharedCalls {
  /** The last calls of those of `hosts` that have ever called. */
  lastCalls(hosts: readonly string[]): Promise<readonly HeardHost[]>
  /**
   * Those of `silent` that have not called for `silentMs` by the clock that all share, and that nobody has claimed since the call
   * that is named; from now on somebody has.
   */
  claim(silent: readonly HeardHost[], silentMs: number): Promise<readonly string[]>
}

/** What a watch for silent hosts works with. */
export interface SilenceOptions {
  /** By which silence is measured: a wall clock may be set right at any time. */
  readonly clock: Clock
  /** The wall clock, for the words. */
  readonly now: () => Date
  /** A host that has not called for this long is silent. */
  readonly silentMs: number
  /** How often it is looked. */
  readonly lookMs: number
  /** Undefined until the first load. */
  readonly hosts: () => Hosts | undefined
  /** Undefined: this process alone hears all calls, and knows of none before its start. */
  readonly calls: SharedCalls | undefined
  /** Whether it is up to this process to look, now. */
  readonly isLooking: () => boolean
  readonly note: (occurrence: Occurrence) => void
}

/** Watches for hosts that call no more. */
export interface Silence {
  /** The host has called this process, now. */
  hear(host: string): void
  close(): void
}

/** Hosts that are looked at in one turn of the loop, or asked about with one statement. */
const perTurn = 1000

/** Begins to watch. Each host is noted once, until it calls again. */
export function createSilence(options: SilenceOptions): Silence {
  const { clock, now, silentMs, lookMs, hosts, calls, isLooking, note } = options
  // All by host, and bounded by the database, as what is not in there any more is taken out after each look. When it called
  // last, as far as this process knows.
  const heardMs = new Map<string, number>()
  // Of those that were not heard, in memory alone: when they were seen first, and count from.
  const seenMs = new Map<string, number>()
  // In memory alone: those of whom it was said.
  const noted = new Set<string>()
  let cancel = clock.after(lookMs, lookAgain)
  let isClosed = false

  function lookAgain(): void {
    // PostgreSQL may be away: whoever looks next finds the same.
    void (isLooking() ? look() : Promise.resolve())
      .catch(() => {})
      .then(() => {
        if (!isClosed) cancel = clock.after(lookMs, lookAgain)
      })
  }

  async function look(): Promise<void> {
    const database = hosts()
    if (!database) return
    let turn: string[] = []
    for (const host of database.hostnames()) {
      turn.push(host)
      if (turn.length < perTurn) continue
      await judge(turn)
      turn = []
      await new Promise(setImmediate)
    }
    await judge(turn)
    for (const known of [heardMs, seenMs, noted]) {
      if (known.size <= database.size) continue
      for (const host of known.keys()) if (!database.has(host)) known.delete(host)
    }
  }

  function judge(some: readonly string[]): Promise<void> | void {
    return calls ? judgeByAll(some, calls) : judgeByMemory(some)
  }

  function judgeByMemory(some: readonly string[]): void {
    const nowMs = clock.now()
    for (const host of some) {
      const lastMs = heardMs.get(host)
      const sinceMs = lastMs ?? seenMs.get(host)
      if (sinceMs === undefined) seenMs.set(host, nowMs)
      else if (sinceMs <= nowMs - silentMs && !noted.has(host)) {
        noted.add(host)
        noteSilent(host, lastMs === undefined ? undefined : new Date(now().getTime() - (nowMs - lastMs)))
      }
    }
  }

  async function judgeByAll(some: readonly string[], shared: SharedCalls): Promise<void> {
    const isDue = (host: string) => (heardMs.get(host) ?? Number.NEGATIVE_INFINITY) <= clock.now() - silentMs
    const due = some.filter(isDue)
    if (due.length === 0) return
    const known = new Map((await shared.lastCalls(due)).map(({ host, last }) => [host, last]))
    for (const host of due) {
      // One that has never called is not set up yet; it is asked about again when it could have fallen silent.
      const ageMs = Math.max(0, now().getTime() - (known.get(host) ?? now()).getTime())
      heardMs.set(host, Math.max(heardMs.get(host) ?? Number.NEGATIVE_INFINITY, clock.now() - ageMs))
    }
    const silent = due.flatMap((host) => {
      const last = known.get(host)
      return last && isDue(host) ? [{ host, last }] : []
    })
    // What is claimed is to be told.
    if (silent.length === 0 || isClosed) return
    for (const host of await shared.claim(silent, silentMs)) noteSilent(host, known.get(host))
  }

  function noteSilent(host: string, last: Date | undefined): void {
    if (isClosed) return
    const item = last ? { host, lastCall: last.toISOString() } : { host }
    note({ kind: 'host-silent', subject: host, key: host, item })
  }

  return {
    hear(host) {
      heardMs.set(host, clock.now())
      seenMs.delete(host)
      noted.delete(host)
    },
    close() {
      isClosed = true
      cancel()
    },
  }
}
