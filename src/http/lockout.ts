import type { Logger } from 'pino'
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
  /** Counts a failed login. */
  failed(from: Address | undefined): void
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

/** A lockout that has counted nothing yet; `nowMs` is a clock that never goes back. Without `sharing` it counts alone. */
export function createLockout(
  { failures, seconds }: LockoutLimit,
  log: Logger,
  nowMs: () => number = () => performance.now(),
  sharing?: LockoutSharing,
): Lockout {
  // Owned here, at most `maxCounted`; in the order of each caller's first failure, so that the first ends first.
  const counted = new Map<string, { count: number; endsAtMs: number }>()

  function current(key: string): { count: number; endsAtMs: number } | undefined {
    const found = counted.get(key)
    if (!found || found.endsAtMs > nowMs()) return found
    counted.delete(key)
    return undefined
  }

  function count(key: string, times: number, leftMs = seconds * 1000): void {
    const entry = current(key) ?? { count: 0, endsAtMs: nowMs() + leftMs }
    const before = entry.count
    entry.count += times
    counted.set(key, entry)
    const [oldest] = counted.keys()
    if (counted.size > maxCounted && oldest !== undefined) counted.delete(oldest)
    if (before < failures && entry.count >= failures)
      log.warn({ from: key, seconds }, 'too many failed logins: locked out')
  }

  sharing?.follow(count)
  return {
    secondsLeft(from) {
      const found = from && current(lockoutKey(from))
      return found && found.count >= failures ? Math.ceil((found.endsAtMs - nowMs()) / 1000) : 0
    },
    failed(from) {
      if (!from) return
      const key = lockoutKey(from)
      count(key, 1)
      sharing?.note(key)
    },
  }
}

/** What stands for a household: its IPv4 address, or its IPv6 /64, whose addresses it may change at will. */
function lockoutKey(from: Address): string {
  return from.family === 4 ? from.text : networkOf(from.text, 64)
}
