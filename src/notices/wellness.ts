import type { ServiceEvent } from '../events.js'
import type { Clock } from '../net/clock.js'

/** Whether the service does its work, as far as it knows itself. */
export interface Wellness {
  hear(event: ServiceEvent): void
  /** The host database is loaded and could be read lately, and Route 53 has answered the last call. */
  isWell(): boolean
}

/** Not well before the database is loaded; it counts as unreadable for `unreadableMs` after each time that it was. */
export function createWellness(clock: Clock, unreadableMs: number): Wellness {
  let isLoaded = false
  let unreadableUntilMs = Number.NEGATIVE_INFINITY
  let isAnswered = true
  return {
    hear(event) {
      if (event.kind === 'database-loaded') {
        isLoaded = true
        unreadableUntilMs = Number.NEGATIVE_INFINITY
      } else if (event.kind === 'database-unreadable') {
        unreadableUntilMs = clock.now() + unreadableMs
      } else if (event.kind === 'route53-called') {
        isAnswered = event.fault === undefined || answers.has(event.fault)
      }
    },
    isWell: () => isLoaded && isAnswered && clock.now() >= unreadableUntilMs,
  }
}

/** Faults that are about what was asked for, such as one host's name, and that show Route 53 at work. */
const answers: ReadonlySet<string> = new Set(['denied', 'rejected', 'busy', 'zone-gone'])
