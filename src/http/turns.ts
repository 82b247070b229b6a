/** Takes a turn: the milliseconds to wait for it, 0 for none; undefined where that is too long, and no turn is taken. */
export type TakeTurn = () => number | undefined

/** Which turns are given out. */
export interface TurnLimit {
  /** So many in a second, and as many at once after a second without any. */
  readonly perSecond: number
  readonly maxWaitMs: number
}

/** Turns of which none is taken yet; `nowMs` is a clock that never goes back. */
export function createTurns(
  { perSecond, maxWaitMs }: TurnLimit,
  nowMs: () => number = () => performance.now(),
): TakeTurn {
  // Behind all turns that were taken.
  let nextMs = Number.NEGATIVE_INFINITY
  return () => {
    const now = nowMs()
    const turnMs = Math.max(nextMs, now - 1000 + 1000 / perSecond)
    if (turnMs > now + maxWaitMs) return undefined
    nextMs = turnMs + 1000 / perSecond
    return Math.max(0, turnMs - now)
  }
}
