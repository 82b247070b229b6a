import type { Logger } from 'pino'
import type { Clock } from '../net/clock.js'
import { pingOf } from './forms/form.js'
import type { Post } from './post.js'
import type { Target } from './targets.js'

/** What pings work with. */
export interface PingOptions {
  /** Those of the form `ping` are pinged. */
  readonly targets: readonly Target[]
  readonly post: Post
  readonly clock: Clock
  readonly log: Logger
  readonly everyMs: number
}

/**
 * Asks for each monitor's address every `everyMs` while `isWell`. Where it is not, nobody asks, and the monitor says so by
 * itself, as it does where this process has ended. Returns what ends it.
 */
export function pingWhileWell(
  { targets, post, clock, log, everyMs }: PingOptions,
  isWell: () => boolean,
): () => void {
  const stops = targets
    .filter(({ form }) => form === 'ping')
    .map((target) => {
      const ending = new AbortController()
      const about = { form: target.form, to: target.host, place: target.place }
      let isReached = true
      let cancel = () => {}

      async function ping(): Promise<void> {
        const result = isWell() ? await post(pingOf(target), ending.signal) : undefined
        if (ending.signal.aborted) return
        if (result?.kind === 'failed' && isReached) {
          log.warn({ ...about, reason: result.reason }, 'monitor not reached')
        }
        if (result?.kind === 'sent' && !isReached) log.info(about, 'monitor reached again')
        if (result) isReached = result.kind === 'sent'
        pingLater()
      }
      function pingLater(): void {
        cancel = clock.after(everyMs, () => void ping())
      }
      pingLater()
      return () => {
        ending.abort()
        cancel()
      }
    })
  return () => {
    for (const stop of stops) stop()
  }
}
