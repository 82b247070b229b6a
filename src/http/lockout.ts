import type { Logger } from 'pino'
import { type Address, networkOf } from '../net/ip-address.js'

/**
 * Keeps those who guess from guessing on. Counted by where they come from, so that nobody can lock out a host; counted at
 * once and by the monotonic clock, so that neither many requests in one packet nor a clock set anew gets around it. Callers
 * without an address, as a proxy that is set up wrongly makes all of them, are not counted: one would lock out everybody.
 */
export interface Lockout {
  /** Seconds until a caller from here may log in again; 0 for now. */
  secondsLeft(from: Address | undefined): number
  /** Counts a failed login. */
  failed(from: Address | undefined): void
}

/** How many failed logins, from one IPv4 address or IPv6 /64, lock it out, counted within how many seconds. */
export interface LockoutLimit {
  readonly failures: number
  readonly seconds: number
}

/** Callers counted at once; beyond, the one that was counted first is forgotten. */
const maxCounted = 10_000

/** A lockout that has counted nothing yet; `nowMs` is a clock that never goes back. */
export function createLockout(
  { failures, seconds }: LockoutLimit,
  log: Logger,
  nowMs: () => number = () => performance.now(),
): Lockout {
  // Owned here; in the order of the first failure, so that the first ends first.
  const counted = new Map<string, { count: number; endsAtMs: number }>()

  function current(key: string): { count: number; endsAtMs: number } | undefined {
    const found = counted.get(key)
    if (!found || found.endsAtMs > nowMs()) return found
    counted.delete(key)
    return undefined
  }

  return {
    secondsLeft(from) {
      const found = from && current(keyOf(from))
      return found && found.count >= failures ? Math.ceil((found.endsAtMs - nowMs()) / 1000) : 0
    },
    failed(from) {
      if (!from) return
      const key = keyOf(from)
      const entry = current(key) ?? { count: 0, endsAtMs: nowMs() + seconds * 1000 }
      entry.count++
      counted.set(key, entry)
      const [oldest] = counted.keys()
      if (counted.size > maxCounted && oldest !== undefined) counted.delete(oldest)
      if (entry.count === failures) log.warn({ from: key, seconds }, 'too many failed logins: locked out')
    },
  }
}

/** A household has one IPv4 address, or an IPv6 network of 64 bits whose addresses it may change at will. */
function keyOf(from: Address): string {
  return from.family === 4 ? from.text : networkOf(from.text, 64)
}
