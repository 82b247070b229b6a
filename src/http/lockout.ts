import type { Logger } from 'pino'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { type Address, networkOf } from '../dns/address.js'

/** Keeps those who guess from guessing on. Counted by where they come from, so that nobody can lock out a host. */
export interface Lockout {
  /** Seconds until a caller from here may log in again; 0 for now. */
  secondsLeft(from: Address | undefined): Promise<number>
  /** Counts a failed login. */
  failed(from: Address | undefined): Promise<void>
}

/** How many failed logins, from one IPv4 address or IPv6 /64, lock it out for how long. */
export interface LockoutLimit {
  readonly failures: number
  readonly seconds: number
}

/** Callers counted at once; beyond, the one that was counted first is forgotten. */
const maxCounted = 10_000

/** A lockout that has counted nothing yet. */
export function createLockout({ failures, seconds }: LockoutLimit, log: Logger): Lockout {
  const limiter = new RateLimiterMemory({ points: failures, duration: seconds })
  // The limiter's keys in the order of their coming; it has no bound of its own.
  const counted = new Set<string>()

  return {
    async secondsLeft(from) {
      const count = await limiter.get(keyOf(from))
      const isLocked = count !== null && count.consumedPoints >= failures && count.msBeforeNext > 0
      return isLocked ? Math.ceil(count.msBeforeNext / 1000) : 0
    },
    async failed(from) {
      const key = keyOf(from)
      counted.delete(key)
      counted.add(key)
      const [oldest] = counted
      if (counted.size > maxCounted && oldest !== undefined) {
        counted.delete(oldest)
        await limiter.delete(oldest)
      }
      const { consumedPoints } = await limiter.penalty(key)
      if (consumedPoints === failures) log.warn({ from: key, seconds }, 'too many failed logins: locked out')
    },
  }
}

/** A household has one IPv4 address, or an IPv6 network of 64 bits whose addresses it may change at will. */
function keyOf(from: Address | undefined): string {
  if (!from) return 'unknown'
  return from.family === 4 ? from.text : networkOf(from.text, 64)
}
