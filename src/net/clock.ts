/** Time as the registrar sees it; a test may put its own in place. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes back, whatever the wall clock does. */
  now(): number
  /** Calls `callback` once after `delayMs`; the function returned cancels that. */
  after(delayMs: number, callback: () => void): () => void
}

/** The process's monotonic clock. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/** A pause that can be cut short; one at a time. */
export interface Pause {
  /** Resolves after `ms`, or when the pause is ended. */
  take(ms: number): Promise<void>
  /** Ends the pause that is under way; does nothing where there is none. */
  end(): void
}

/** A pause by this clock that nobody takes yet. */
export function createPause(clock: Clock): Pause {
  let end = () => {}
  return {
    take: (ms) =>
      new Promise((resolve) => {
        const cancel = clock.after(ms, resolve)
        end = () => {
          cancel()
          resolve()
        }
      }),
    end: () => end(),
  }
}
