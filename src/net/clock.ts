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
