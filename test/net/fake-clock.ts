import type { Clock } from '../../src/net/clock.js'

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Timers that have neither run nor been cancelled. */
  readonly timers: number
  /**
   * Moves on by `ms`, stopping at each timer that falls due on the way, the earliest first and of those at one
   * moment the oldest; what a timer's promises set off happens before the next one.
   */
  advance(ms: number): Promise<void>
}

/** A clock that begins at `startMs`. */
export function createFakeClock(startMs = 0): FakeClock {
  let nowMs = startMs
  const timers = new Set<{ atMs: number; callback: () => void }>()

  function earliest(untilMs: number): { atMs: number; callback: () => void } | undefined {
    const due = [...timers].filter(({ atMs }) => atMs <= untilMs)
    return due.sort((a, b) => a.atMs - b.atMs)[0]
  }

  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), callback }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    get timers() {
      return timers.size
    },
    async advance(ms) {
      const untilMs = nowMs + ms
      await settled()
      for (let timer = earliest(untilMs); timer; timer = earliest(untilMs)) {
        nowMs = timer.atMs
        timers.delete(timer)
        timer.callback()
        await settled()
      }
      nowMs = untilMs
    },
  }
}

/** Resolves once every promise that can be settled without the clock has been. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
