import { setTimeout as sleep } from 'node:timers/promises'

/** What a single step of the demo may take, in milliseconds. */
export const stepMs = 10_000

/** The promise's value; throws when `what` takes longer than a step may, and the signal's reason when it aborts. */
export async function within<T>(promise: Promise<T>, what: string, signal: AbortSignal): Promise<T> {
  const settled = new AbortController()
  const over = sleep(stepMs, undefined, { signal: AbortSignal.any([signal, settled.signal]) }).then(
    () => {
      throw new Error(`${what} took more than ${stepMs / 1000} s`)
    },
    () => {
      throw signal.reason
    },
  )
  try {
    return await Promise.race([promise, over])
  } finally {
    settled.abort()
  }
}
