import type { Clock } from '../net/clock.js'

/** The size of a token bucket: `burst` tokens at the most, refilled at `perSecond`. */
export interface Quota {
  readonly burst: number
  readonly perSecond: number
}

/** Keeps calls below a quota; those who wait are served in the order they came. */
export interface TokenBucket {
  readonly quota: Quota
  /** Tokens that a caller could take now without waiting; 0 while others wait. */
  available(): number
  /**
   * Resolves once `tokens` have been taken; more than `burst` are taken as `burst`. The function it resolves with is to
   * be called when the call that they were for is answered: the other side's bucket may have been full, and so have
   * gained nothing, until the call arrived there.
   */
  take(tokens: number): Promise<() => void>
  /** Empties the bucket: the account's own bucket turned out to be empty. */
  drain(): void
  /** Puts tokens back that were taken for a call which did not count after all. */
  refund(tokens: number): void
}

/**
 * Makes a call once the tokens for it have been taken, and tells the bucket when it is answered; without that the bucket
 * would not fill again. Throws what the call throws.
 */
export async function spend<T>(bucket: TokenBucket, tokens: number, call: () => Promise<T>): Promise<T> {
  const answered = await bucket.take(tokens)
  try {
    return await call()
  } finally {
    answered()
  }
}

/** Creates a full bucket. */
export function createTokenBucket(quota: Quota, clock: Clock): TokenBucket {
  let level = quota.burst
  let filledAtMs = clock.now()
  let inFlightTokens = 0
  let scheduled = false
  const queue: { tokens: number; resolve: (answered: () => void) => void }[] = []

  function refill(): void {
    const nowMs = clock.now()
    level = Math.min(quota.burst - inFlightTokens, level + ((nowMs - filledAtMs) / 1000) * quota.perSecond)
    filledAtMs = nowMs
  }

  function answered(tokens: number): () => void {
    return () => {
      refill()
      inFlightTokens -= tokens
      serve()
    }
  }

  function serve(): void {
    refill()
    for (let head = queue[0]; head && level >= head.tokens; head = queue[0]) {
      level -= head.tokens
      inFlightTokens += head.tokens
      queue.shift()
      head.resolve(answered(head.tokens))
    }
    const next = queue[0]
    if (!next || scheduled) return
    scheduled = true
    // A timer may fire a fraction of a millisecond early: one more millisecond keeps that from spinning.
    clock.after(((next.tokens - level) / quota.perSecond) * 1000 + 1, () => {
      scheduled = false
      serve()
    })
  }

  return {
    quota,
    available() {
      refill()
      return queue.length > 0 ? 0 : level
    },
    take(tokens) {
      return new Promise((resolve) => {
        queue.push({ tokens: Math.min(tokens, quota.burst), resolve })
        serve()
      })
    },
    drain() {
      refill()
      level = 0
    },
    refund(tokens) {
      level += tokens
      serve()
    },
  }
}
