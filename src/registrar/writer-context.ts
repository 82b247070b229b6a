import type { Logger } from 'pino'
import type { Clock } from '../net/clock.js'
import type { Route53 } from '../route53/api.js'
import type { Fault } from '../route53/errors.js'
import type { TokenBucket } from '../route53/rate-limit.js'
import type { Seen } from './record-cache.js'
import { answer, type RecordQueue } from './record-queue.js'

/** What everything that works for the registrar shares. */
export interface WriterContext {
  readonly route53: Route53
  /** Spent one for each call to Route 53, whichever it is. */
  readonly requests: TokenBucket
  /** Spent two for each UPSERT, as Route 53 counts them. */
  readonly changes: TokenBucket
  readonly seen: Seen
  readonly clock: Clock
  /** Numbers from 0 up to 1, for jitter. */
  readonly random: () => number
  readonly log: Logger
  /** A record that no client asked for during this time is given up. */
  readonly giveUpMs: number
  /** The moment of the clock that no pause may pass. */
  readonly deadlineMs: () => number
}

/**
 * Tells those who wait at once when only the owner can mend the fault (credentials, permissions). The records
 * stay, for he may mend it soon.
 */
export function answerIfOwnersFault({ kind, message }: Fault, queue: RecordQueue): void {
  if (kind !== 'denied' && kind !== 'credentials' && kind !== 'rejected') return
  for (const record of queue.records()) answer(record, { kind: 'unavailable', reason: message })
}
