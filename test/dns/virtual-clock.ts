import type { Clock } from '../../src/dns/clock.js'

/** A clock whose time passes only in `run`, and at once. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass: every timer fires in its order, and all that it sets off is done before the next one. */
  run(ms: number): Promise<void>
}

/** A clock that stands at 0. */
export function createVirtualClock(): VirtualClock {
  let nowMs = 0
  let sequence = 0
  let timers: { atMs: number; sequence: number; callback: () => void }[] = []

  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), sequence: sequence++, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    async run(ms) {
      const endMs = nowMs + ms
      for (;;) {
        await settleAll()
        const next = timers
          .filter(({ atMs }) => atMs <= endMs)
          .reduce<(typeof timers)[number] | undefined>(
            (first, timer) =>
              !first ||
              timer.atMs < first.atMs ||
              (timer.atMs === first.atMs && timer.sequence < first.sequence)
                ? timer
                : first,
            undefined,
          )
        if (!next) break
        timers = timers.filter((other) => other !== next)
        nowMs = next.atMs
        next.callback()
      }
      nowMs = endMs
    },
  }
}

/** Lets every promise that can go on go on. */
function settleAll(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
