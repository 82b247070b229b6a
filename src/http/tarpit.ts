import { setTimeout as sleep } from 'node:timers/promises'
import type { Response } from 'express'
import { lastDue } from './due-responses.js'
import { sendText, type TextAnswer } from './respond.js'

/**
 * Sends the answer to a failed login when the rate limiter lets it, and ends the connection; where it would wait longer
 * than `maxWaitMs`, ends the connection at once. A flood of guesses that waits for its answers, over however many
 * connections, is then no faster than the rate limit, and leaves the machine to those who log in right.
 */
export type Tarpit = (res: Response, answer: TextAnswer) => Promise<void>

/** An answer that waits holds a connection that others may need. */
const maxWaitMs = 5000

/** A tarpit in which nobody waits yet, and that sends at most `perSecond` answers per second. */
export function createTarpit(perSecond: number): Tarpit {
  const limiter = createRateLimiter({ perSecond, maxWaitMs })
  return async (res, answer) => {
    const { socket } = res.req
    const waitMs = limiter.acquire()
    // A response that waited would hold those behind it in the pipeline, thousands in a packet. Only once what has come is
    // parsed or held back is it known whether there are any.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    if (lastDue(socket) !== res || socket.readableLength > 0) return sendText(res, answer)
    // res.socket is set only at the head of the pipeline; elsewhere, answers that come first are still due.
    if (waitMs === undefined && res.socket) {
      socket.destroy()
      return
    }
    if (waitMs) {
      // What the client sends meanwhile stays with it.
      socket.pause()
      await sleep(waitMs, undefined, { ref: false })
    }
    sendText(res, { ...answer, headers: { ...answer.headers, Connection: 'close' } })
  }
}

/** Gives permits at a steady rate, and up to a second's worth at once after a pause. */
export interface RateLimiter {
  /** Takes the next permit: milliseconds to wait for it, 0 for none; undefined where it is too far off, and none is taken. */
  acquire(): number | undefined
}

/** How many permits a rate limiter gives. */
export interface RateLimit {
  /** At most this many per second, and this many at once after a second without any. */
  readonly perSecond: number
  /** A permit that is further off is not given. */
  readonly maxWaitMs: number
}

/** A rate limiter that has given no permit yet; `nowMs` is a clock that never goes back. */
export function createRateLimiter(
  { perSecond, maxWaitMs }: RateLimit,
  nowMs: () => number = () => performance.now(),
): RateLimiter {
  // After all permits that were taken, at the steady rate.
  let nextMs = Number.NEGATIVE_INFINITY
  return {
    acquire() {
      const now = nowMs()
      const permitMs = Math.max(nextMs, now - 1000 + 1000 / perSecond)
      if (permitMs > now + maxWaitMs) return undefined
      nextMs = permitMs + 1000 / perSecond
      return Math.max(0, permitMs - now)
    },
  }
}
