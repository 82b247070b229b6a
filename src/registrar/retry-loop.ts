import type { Logger } from 'pino'
import type { Clock } from '../net/clock.js'
import { wantText } from './record.js'
import { answer, type RecordQueue } from './record-queue.js'

/** How long a loop pauses before its next step. */
export interface Pause {
  /** 0: not at all. */
  readonly ms: number
  /** Whether a new record ends the pause. */
  readonly untilArrival?: boolean
}

/** What a work loop needs to know. */
export interface WorkLoopOptions {
  readonly queue: RecordQueue
  readonly clock: Clock
  readonly log: Logger
  /** A record that no client asked for during this time is given up. */
  readonly giveUpMs: number
  /** The moment of the clock that no pause may pass: past it the loop ends and leaves the queue as it is. */
  readonly deadlineMs: () => number
}

/** Does `step` again and again while `queue` holds anything. */
export interface WorkLoop {
  /** Starts at once, unless under way; resolves when nothing is left that can be done. Rejects with what `step` throws. */
  run(): Promise<void>
}

/** A loop that does nothing until it is run. */
export function createWorkLoop(options: WorkLoopOptions, step: () => Promise<Pause>): WorkLoop {
  const { queue, clock, log, giveUpMs, deadlineMs } = options
  let isWorking = false
  let work: Promise<void> = Promise.resolve()
  let arrived = () => {}

  async function workOff(): Promise<void> {
    isWorking = true
    try {
      while (queue.size > 0) {
        giveUpTheForgotten()
        const { ms, untilArrival = false } = await step()
        if (ms === 0) continue
        if (clock.now() + ms > deadlineMs()) return
        await pause(ms, untilArrival)
      }
    } finally {
      isWorking = false
    }
  }

  function pause(ms: number, untilArrival: boolean): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve)
      arrived = () => {
        if (!untilArrival) return
        cancel()
        resolve()
      }
    })
  }

  function giveUpTheForgotten(): void {
    for (const record of queue.takeOlderThan(giveUpMs)) {
      const { name, type, want } = record.desired
      log.error(
        { host: name, type, want: wantText(want) },
        'given up: Route 53 could not be brought to it in time',
      )
      answer(record, { kind: 'unavailable', reason: 'given up' })
    }
  }

  return {
    run() {
      arrived()
      if (!isWorking) work = workOff()
      return work
    },
  }
}
