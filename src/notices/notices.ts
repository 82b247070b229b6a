import { AsyncResource } from 'node:async_hooks'
import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import type { Clock } from '../net/clock.js'
import { createDelivery } from './delivery.js'
import { describe, type Happened } from './describe.js'
import { createDigest, type DigestTiming } from './digest.js'
import { pingWhileWell } from './monitors.js'
import type { NoticeKind } from './notice.js'
import { occurrenceOf } from './occurrence-of.js'
import { createPost, noticeTimeoutMs } from './post.js'
import { createSilence, type Hosts, type SharedCalls } from './silence.js'
import type { Target } from './targets.js'
import { createWellness } from './wellness.js'

/** What notices work with. */
export interface NoticesOptions {
  /** At least one. */
  readonly targets: readonly Target[]
  /** A host that has not called for this long is silent; undefined: that is not watched for. */
  readonly silentMs: number | undefined
  /** How often the host database is looked at; 0: never. */
  readonly refreshMs: number
  /** The hosts that may register; undefined until the first load. */
  readonly hosts: () => Hosts | undefined
  /** What processes share; undefined: this one works alone. */
  readonly shared: SharedCalls | undefined
  /** Whether this process writes for all that share, or works alone. */
  readonly isWriter: () => boolean
  readonly clock: Clock
  /** The wall clock. */
  readonly now: () => Date
  readonly random: () => number
  readonly log: Logger
  readonly timing: NoticeTiming
}

/** How often and how soon, in milliseconds. */
export interface NoticeTiming extends DigestTiming {
  /** How often it is looked for silent hosts. */
  readonly lookMs: number
  /** How often a monitor is asked for while all is well. */
  readonly pingMs: number
  /** A request is given up after this time, answer included. */
  readonly requestMs: number
  /** How long what waits is still sent at the end. */
  readonly closeMs: number
}

/** The timing of the service. */
export const noticeTiming: NoticeTiming = {
  gatherMs: 5000,
  herdMs: 60_000,
  restMs: 600_000,
  lookMs: 15_000,
  pingMs: 30_000,
  requestMs: noticeTimeoutMs,
  closeMs: 2000,
}

/** Tells the owner what they want to know, in the background. */
export interface Notices {
  /** Takes an event; never fails and never waits. */
  readonly hear: Publish
  /** Sends what waits, for a bounded time. */
  close(): Promise<void>
}

/** The database does not become well by itself between two looks. */
const leastUnreadableMs = 120_000

/** What every process finds out by itself; the one that writes tells it for all, and each what it knows when it ends. */
const isFoundByAll: ReadonlySet<NoticeKind> = new Set(['database-lines', 'database-unreadable'])

/** Notices to these targets, from now on. */
export function createNotices(options: NoticesOptions): Notices {
  const { targets, silentMs, refreshMs, hosts, shared, isWriter, clock, now, random, log, timing } = options
  const post = createPost(timing.requestMs)
  const deliveries = targets
    .filter(({ form }) => form !== 'ping')
    .map((target) => createDelivery(target, { post, clock, random, log }))
  const digest = createDigest(clock, now, timing, send)
  const silence =
    silentMs === undefined
      ? undefined
      : createSilence({
          clock,
          now,
          silentMs,
          lookMs: timing.lookMs,
          hosts,
          calls: shared,
          isLooking: isWriter,
          note: digest.note,
        })
  const unreadableMs = refreshMs > 0 ? Math.max(leastUnreadableMs, 2 * refreshMs) : Number.POSITIVE_INFINITY
  const wellness = createWellness(clock, unreadableMs)
  const stopPinging = pingWhileWell(
    { targets, post, clock, log, everyMs: timing.pingMs },
    () => wellness.isWell() && isWriter(),
  )
  // What is sent is no part of the request in which it happened: the agent would note its URL, a secret, with that request,
  // and send headers of its own along.
  const scope = new AsyncResource('dyndns53.notices')
  let isClosed = false

  function send(happened: Happened): void {
    if (isFoundByAll.has(happened.kind) && !isWriter() && !isClosed) return
    const notice = describe(happened)
    for (const delivery of deliveries) delivery.push(notice)
  }

  return {
    hear(event) {
      if (isClosed) return
      scope.runInAsyncScope(() => {
        wellness.hear(event)
        if (event.kind === 'registration') silence?.hear(event.host)
        const occurrence = occurrenceOf(event)
        if (occurrence && deliveries.length > 0) digest.note(occurrence)
      })
    },
    async close() {
      isClosed = true
      silence?.close()
      stopPinging()
      digest.flush()
      await Promise.all(deliveries.map((delivery) => delivery.close(timing.closeMs)))
    },
  }
}
