import type { Logger } from 'pino'
import type { Publish, Route53Failed } from '../events.js'
import { type Clock, createPause } from '../net/clock.js'
import type { Fault } from '../route53/errors.js'
import { describeTarget, unavailable } from './record.js'
import { answerAll, type PendingRecord, type RecordQueue } from './record-queue.js'

/** What became of one step of a loop. */
export type Step =
  /** There may be more to do now. */
  | { readonly kind: 'done' }
  /** Nothing can be done for `ms`, unless a record is added. */
  | { readonly kind: 'idle'; readonly ms: number }
  /** A call failed: the next step comes after a pause. */
  | { readonly kind: 'failed'; readonly fault: Fault }

/** How a loop works; times in milliseconds. */
export interface RetryLoopOptions {
  readonly clock: Clock
  readonly log: Logger
  readonly publish: Publish
  /** Numbers from 0 up to 1, for jitter. */
  readonly random: () => number
  /** A record that no client asked for during this time is given up. */
  readonly giveUpMs: number
  /** Once the service ends: the moment of the clock at which no step may begin any more; Infinity before. */
  readonly deadlineMs: () => number
  /** Route 53 says that the account's quota is used up. */
  readonly onThrottled: () => void
  /** A record is not pending any more: settled, or given up. */
  readonly onOver: (record: PendingRecord) => void
}

/** Works on a queue, step by step, until it is empty; pauses after failures, longer from one to the next. */
export interface RetryLoop {
  /**
   * Starts at once, unless it runs already; resolves when nothing is left that can be done. Ends a pause in which only more
   * work was waited for; once the service ends, any pause. Never rejects.
   */
  run(): Promise<void>
}

/** The first wait and the longest, in milliseconds: short enough that those who wait 20 s see the end of most troubles. */
const waits: Readonly<Record<Fault['kind'] | 'bug', readonly [number, number]>> = {
  throttled: [1000, 5000],
  busy: [500, 4000],
  skewed: [100, 5000],
  lost: [300, 5000],
  unreachable: [300, 5000],
  'zone-gone': [1000, 60_000],
  rejected: [5000, 30_000],
  denied: [5000, 30_000],
  credentials: [5000, 30_000],
  bug: [5000, 30_000],
}

/** Faults that only the owner can mend. */
const ownersFaults: readonly Fault['kind'][] = [
  'rejected',
  'denied',
  'credentials',
] satisfies Route53Failed['fault'][]

/** A fault of a call that only the owner can mend. */
function isOwners(fault: Fault): fault is Fault & { kind: Route53Failed['fault'] } {
  return ownersFaults.includes(fault.kind)
}

/** Says that a call failed that concerns more than one host, where only the owner can mend it. */
export function publishOwnersFault(fault: Fault, publish: Publish): void {
  if (!isOwners(fault)) return
  publish({ kind: 'route53-failed', fault: fault.kind, host: undefined, reason: fault.message })
}

/** A loop over `queue` that does nothing until it is run; a step that fails leaves a log line with `message` and `zone`. */
export function createRetryLoop(
  queue: RecordQueue,
  options: RetryLoopOptions,
  { message, zone }: { readonly message: string; readonly zone?: string },
  step: () => Promise<Step>,
): RetryLoop {
  const { clock, log, publish, giveUpMs, deadlineMs } = options
  const nextPauseMs = createBackOff(options.random)
  let isWorking = false
  let work: Promise<void> = Promise.resolve()
  let isIdle = false
  // Whether it was run since the last step began: more may have come when that had already found nothing.
  let wasRun = false
  const pause = createPause(clock)
  const isClosing = () => deadlineMs() !== Number.POSITIVE_INFINITY

  async function workOff(): Promise<void> {
    isWorking = true
    while (hasWork() && clock.now() < deadlineMs()) {
      giveUpTheForgotten()
      const pauseMs = await takeStep()
      if (pauseMs === 0) continue
      if (clock.now() + pauseMs > deadlineMs() || (isClosing() && !hasWork())) break
      await pause.take(pauseMs)
    }
    isWorking = false
  }

  /** The service's end does not wait for what is only watched, nor for what only the owner can mend. */
  function hasWork(): boolean {
    if (!isClosing()) return queue.size > 0
    return [...queue.records()].some(({ isWatched, postponed }) => !isWatched && postponed === undefined)
  }

  /** Returns the pause after it, in milliseconds; 0 for none. */
  async function takeStep(): Promise<number> {
    isIdle = false
    wasRun = false
    try {
      const result = await step()
      if (result.kind === 'failed') return afterFault(result.fault)
      nextPauseMs.reset()
      isIdle = result.kind === 'idle'
      return result.kind === 'idle' && !wasRun ? result.ms : 0
    } catch (error) {
      log.error({ zone, err: error }, 'a bug of this service: what it was about is tried again')
      return nextPauseMs('bug')
    }
  }

  function afterFault(fault: Fault): number {
    log.warn({ zone, fault: fault.kind, reason: fault.message }, message)
    if (fault.kind === 'throttled') options.onThrottled()
    const pauseMs = nextPauseMs(fault.kind)
    for (const record of queue.records()) record.lastFault = fault
    if (!isOwners(fault)) return pauseMs
    publishOwnersFault(fault, publish)
    failWaitersOnOwnerError(queue, fault, clock.now() + pauseMs)
    return pauseMs
  }

  function giveUpTheForgotten(): void {
    for (const record of queue.takeExpired(giveUpMs)) {
      const { name, type, target } = record.desired
      const reason = record.lastFault?.message
      log.error(
        { host: name, type, target: describeTarget(target), reason },
        'given up: Route 53 could not be brought to it in time',
      )
      publish({ kind: 'record-given-up', host: name, type, reason })
      answerAll(record, unavailable('given-up', 'given up'))
      options.onOver(record)
    }
  }

  return {
    run() {
      wasRun = true
      if (isIdle || isClosing()) pause.end()
      if (!isWorking) work = workOff()
      return work
    },
  }
}

/** Those who wait are told at once, and so is who asks again before `untilMs`. The records stay, for they may mend it soon. */
function failWaitersOnOwnerError(queue: RecordQueue, { kind, message }: Fault, untilMs: number): void {
  const outcome = unavailable(kind, message)
  for (const record of queue.records()) {
    if (record.isWatched) continue
    record.postponed = outcome
    record.notBeforeMs = Math.max(record.notBeforeMs, untilMs)
    answerAll(record, outcome)
  }
}

/** Milliseconds to wait after a failure, the last half of them by chance; doubling with each in a row, until `reset`. */
interface BackOff {
  (kind: keyof typeof waits): number
  reset(): void
}

function createBackOff(random: () => number): BackOff {
  let failures = 0
  const next = (kind: keyof typeof waits) => {
    const [firstMs, longestMs] = waits[kind]
    const fullMs = Math.min(longestMs, firstMs * 2 ** failures)
    failures = Math.min(failures + 1, 30)
    return fullMs * (0.5 + random() / 2)
  }
  const reset = () => {
    failures = 0
  }
  return Object.assign(next, { reset })
}
