import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import { type Address, networkOf } from '../net/ip-address.js'

/**
 * Stops those who guess tokens. Failures are counted by caller, so that nobody can lock out a host; before they are
 * answered, so that many requests in one packet do not get around it; and by the monotonic clock, so that a clock set
 * anew does not either. Callers without an address are not counted: behind a proxy that is set up wrongly nobody has
 * one, and one caller would lock out all.
 */
export interface Lockout {
  /** Seconds until a caller from here may log in again; 0 for now. */
  secondsLeft(from: Address | undefined): number
  /**
   * Whether a login from here is let in although the caller is locked out: it is right, and its token came at `changedAtMs`
   * (by the lockout's clock; undefined: long ago), after the failures were counted, which say nothing about that token. Wrong
   * logins with hosts that were changed since are counted too: from `LockoutLimit.failures` of them on, none is let in.
   */
  pardons(from: Address | undefined, isRight: boolean, changedAtMs: number | undefined): boolean
  /** Counts a failed login; the function returned is told whether it was right after all, which takes it back. */
  failed(from: Address | undefined): (wasRight: boolean) => void
}

/** Failed logins that other processes count too, by the place that they came from. */
export interface LockoutSharing {
  /** A login from there failed here. Never fails and never waits. */
  note(place: string): void
  /** `add` is called with failures that this process has not counted: the count ends after `leftMs`, or as usual. */
  follow(add: (place: string, failures: number, leftMs?: number) => void): void
}

/** When an IPv4 address or IPv6 /64 is locked out. */
export interface LockoutLimit {
  /** The failed login that brings the count to this number locks out. */
  readonly failures: number
  /** A count, and with it the lockout, ends this long after its first failed login. */
  readonly seconds: number
}

/** At most this many callers are counted; beyond, the one that was counted first is forgotten. */
const maxCounted = 10_000

/** The failed logins of one caller. */
interface Counted {
  count: number
  readonly endsAtMs: number
  /** When the count last reached the limit. */
  lockedAtMs: number
  /** Wrong logins after that, with hosts that were changed after that. */
  wrongSince: number
  /** Whether one of them came to this process. */
  isOurs: boolean
}

/** What a lockout works with. */
export interface LockoutOptions {
  readonly log: Logger
  readonly publish: Publish
  /** A clock that never goes back (default: that of the process). */
  readonly nowMs?: () => number
  /** Undefined: it counts alone. */
  readonly sharing?: LockoutSharing | undefined
}

/** A lockout that has counted nothing yet. */
export function createLockout(
  { failures, seconds }: LockoutLimit,
  { log, publish, nowMs = () => performance.now(), sharing }: LockoutOptions,
): Lockout {
  // Owned here, at most `maxCounted`; in the order of each caller's first failure, so that the first ends first.
  const counted = new Map<string, Counted>()

  function current(key: string): Counted | undefined {
    const found = counted.get(key)
    if (!found || found.endsAtMs > nowMs()) return found
    counted.delete(key)
    return undefined
  }

  function count(key: string, times: number, isOurs: boolean, leftMs = seconds * 1000): Counted {
    const endsAtMs = nowMs() + leftMs
    const entry = current(key) ?? { count: 0, endsAtMs, lockedAtMs: 0, wrongSince: 0, isOurs }
    const before = entry.count
    entry.count += times
    entry.isOurs ||= isOurs
    counted.set(key, entry)
    const [oldest] = counted.keys()
    if (counted.size > maxCounted && oldest !== undefined) counted.delete(oldest)
    if (before < failures && entry.count >= failures) {
      entry.lockedAtMs = nowMs()
      log.warn({ from: key, seconds }, 'too many failed logins: locked out')
      if (entry.isOurs) publish({ kind: 'locked-out', from: key, seconds })
    }
    return entry
  }

  sharing?.follow((place, times, leftMs) => count(place, times, false, leftMs))
  return {
    secondsLeft(from) {
      const found = from && current(networkKey(from))
      return found && found.count >= failures ? Math.ceil((found.endsAtMs - nowMs()) / 1000) : 0
    },
    pardons(from, isRight, changedAtMs = Number.NEGATIVE_INFINITY) {
      const found = from && current(networkKey(from))
      if (!found || changedAtMs <= found.lockedAtMs || found.wrongSince >= failures) return false
      if (!isRight) found.wrongSince++
      return isRight
    },
    failed(from) {
      if (!from) return () => {}
      const key = networkKey(from)
      const entry = count(key, 1, true)
      return (wasRight) => {
        if (wasRight) entry.count--
        else sharing?.note(key)
      }
    },
  }
}

/** What stands for a household: its IPv4 address, or its IPv6 /64, whose addresses it may change at will. */
export function networkKey(from: Address): string {
  return from.family === 4 ? from.text : networkOf(from.text, 64)
}
