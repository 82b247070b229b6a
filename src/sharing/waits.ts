import { type Clock, createPause } from '../net/clock.js'

/** What `result` resolves with, or undefined when it takes longer. */
export function within<T>(ms: number, clock: Clock, result: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined))
    result.then(resolve, reject).finally(cancel)
  })
}

/** A sleep that can be ended from elsewhere. */
export interface Nap {
  sleep(ms: number): Promise<void>
  /** Ends the sleep that is under way, or else the next one before it begins. */
  wake(): void
}

/** One sleeper, awake. */
export function createNap(clock: Clock): Nap {
  let isWoken = false
  const pause = createPause(clock)
  return {
    async sleep(ms) {
      if (!isWoken) await pause.take(ms)
      isWoken = false
    },
    wake() {
      isWoken = true
      pause.end()
    },
  }
}

/** Runs it once more where it throws: a connection may have been cut while nothing was said on it, and the second try has another. */
export async function twice<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch {
    return run()
  }
}
