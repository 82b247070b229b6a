import type { Fault } from '../route53/errors.js'

/** How long to wait after a failed call: doubling with each failure in a row, with jitter. */
export interface RetryDelay {
  /** Milliseconds to wait now; the last half of them by chance. */
  nextMs(fault: Fault): number
  /** Something succeeded: the next failure is a first one. */
  reset(): void
}

/** The first wait and the longest, in milliseconds: short enough that those who wait 20 s see the end of most troubles. */
const waits: Readonly<Record<Fault['kind'], readonly [number, number]>> = {
  throttled: [1000, 5000],
  busy: [500, 4000],
  skewed: [100, 5000],
  lost: [300, 5000],
  unreachable: [300, 5000],
  'zone-gone': [1000, 60_000],
  rejected: [5000, 30_000],
  denied: [5000, 30_000],
  credentials: [5000, 30_000],
}

/** `random` gives numbers from 0 up to 1. */
export function createRetryDelay(random: () => number): RetryDelay {
  let failures = 0
  return {
    nextMs({ kind }) {
      const [firstMs, longestMs] = waits[kind]
      const fullMs = Math.min(longestMs, firstMs * 2 ** failures)
      failures = Math.min(failures + 1, 30)
      return fullMs * (0.5 + random() / 2)
    },
    reset() {
      failures = 0
    },
  }
}
