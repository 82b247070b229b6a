import type { Logger } from 'pino'
import { type Clock, createPause } from '../net/clock.js'
import { requestOf } from './forms/form.js'
import type { Notice } from './notice.js'
import type { Post, PostResult } from './post.js'
import type { Target } from './targets.js'

/** What deliveries work with. */
export interface DeliveryOptions {
  readonly post: Post
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly log: Logger
}

/** Brings notices to one target, one after the other, in their order. */
export interface Delivery {
  /** Never waits. */
  push(notice: Notice): void
  /** Resolves when what waits is sent, or after `ms`; then what is left is dropped. Each is tried once more at the most. */
  close(ms: number): Promise<void>
}

/** Notices that may wait for a target; beyond, the oldest goes. */
const maxWaiting = 100
/** How often a notice is tried. */
const maxTries = 5
/** Before the second try; before each further one 4 times as long: 2, 8, 32 and 128 s. */
const firstPauseMs = 2000
/** However long the other side asks to wait. */
const longestPauseMs = 600_000

/** A delivery to `target` that has nothing to do yet. */
export function createDelivery(target: Target, { post, clock, random, log }: DeliveryOptions): Delivery {
  // Owned here; the oldest first, at most `maxWaiting`, the one in flight left out.
  let waiting: Notice[] = []
  let dropped = 0
  let working: Promise<void> | undefined
  let isClosing = false
  const pause = createPause(clock)
  const ending = new AbortController()
  const about = { form: target.form, to: target.host, place: target.place }

  async function work(): Promise<void> {
    for (let notice = waiting.shift(); notice; notice = waiting.shift()) {
      if (dropped > 0) log.warn({ ...about, dropped }, 'notices dropped: more came than could be sent')
      dropped = 0
      await deliver(notice)
    }
  }

  async function deliver(notice: Notice): Promise<void> {
    for (let tries = 1; ; tries++) {
      const result = await post(requestOf(notice, target), ending.signal)
      if (result.kind === 'sent') return
      if (result.isFinal || tries >= maxTries || isClosing) {
        const { reason } = result
        log.warn({ ...about, notice: notice.kind, tries, reason }, 'notice not sent')
        return
      }
      await pause.take(pauseMs(tries, result))
    }
  }

  function pauseMs(tries: number, { retryAfterMs = 0 }: Extract<PostResult, { kind: 'failed' }>): number {
    const ownMs = firstPauseMs * 4 ** (tries - 1) * (0.5 + random() / 2)
    return Math.min(longestPauseMs, Math.max(ownMs, retryAfterMs))
  }

  return {
    push(notice) {
      waiting.push(notice)
      if (waiting.length > maxWaiting) {
        waiting.shift()
        dropped++
      }
      working ??= work().finally(() => {
        working = undefined
      })
    },
    async close(ms) {
      isClosing = true
      pause.end()
      const cancel = clock.after(ms, () => {
        if (waiting.length > 0) log.warn({ ...about, dropped: waiting.length }, 'notices dropped at the end')
        waiting = []
        ending.abort()
      })
      await working
      cancel()
    },
  }
}
