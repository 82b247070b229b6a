import type { Clock } from '../net/clock.js'
import { type Beat, leaseMs, presenceMs } from '../store/presence.js'

/** What this process may do, by what it last heard from the database and by its own monotonic clock. */
export interface Tenure {
  /** The epoch of the lease while this process has it; undefined else. */
  readonly epoch: number | undefined
  /** Other processes that were there when it last heard. */
  readonly others: number
  /** Notes the answer to a beat that was sent at `sentMs`. */
  note(sentMs: number, beat: Beat): void
  /** Whether a change may begin now. `isAway`: the database is, and this process goes on alone. */
  mayWrite(isAway: boolean): boolean
  /** What was learnt before this moment may be untrue by now; Infinity: nothing may be answered from memory. */
  rememberSinceMs(): number
  /** The lease cannot be asked about; what was heard of it still holds for its time. */
  suspend(): void
  /** The lease is not this process's any more. */
  end(): void
}

/** How often a process says that it is there. */
export const beatMs = 2000
/** A call to Route 53 is given up after 8 s, and is to be over when the lease is. */
const longestCallMs = 8000
/** What the holder knows of the others is good for this long. */
const memoryMs = 2 * beatMs
/** By then the holder knows that this process is missing, and answers nothing from memory. */
const graceMs = presenceMs + memoryMs

/** The tenure of a process that has heard nothing yet. */
export function createTenure(clock: Clock): Tenure {
  let epoch: number | undefined
  let others = 0
  let heardMs = clock.now()
  let leaseEndsMs = Number.NEGATIVE_INFINITY
  let trustedSinceMs = Number.POSITIVE_INFINITY

  return {
    get epoch() {
      return epoch
    },
    get others() {
      return others
    },
    note(sentMs, beat) {
      const isNew = beat.epoch !== epoch || sentMs - heardMs > presenceMs
      epoch = beat.epoch
      others = beat.others
      heardMs = sentMs
      leaseEndsMs = epoch === undefined ? Number.NEGATIVE_INFINITY : sentMs + leaseMs
      if (beat.missing > 0) trustedSinceMs = Number.POSITIVE_INFINITY
      else if (isNew || trustedSinceMs === Number.POSITIVE_INFINITY) trustedSinceMs = clock.now()
    },
    mayWrite: (isAway) =>
      leaseEndsMs - clock.now() > longestCallMs || (isAway && clock.now() - heardMs > graceMs),
    rememberSinceMs() {
      const isCurrent = epoch !== undefined && clock.now() < Math.min(leaseEndsMs, heardMs + memoryMs)
      return isCurrent ? trustedSinceMs : Number.POSITIVE_INFINITY
    },
    suspend() {
      epoch = undefined
    },
    end() {
      epoch = undefined
      leaseEndsMs = Number.NEGATIVE_INFINITY
    },
  }
}
