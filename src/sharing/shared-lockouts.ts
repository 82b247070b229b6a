import { randomUUID } from 'node:crypto'
import type { Failures } from '../store/lockout-rows.js'
import type { Store } from '../store/store.js'

/** Carries failed logins from one process to the others. */
export interface SharedLockouts {
  /** A login from this place failed here. */
  note(place: string): void
  /** `add` is called with what other processes have counted, and at first with what is left from before the start. */
  follow(add: (place: string, failures: number, leftMs?: number) => void): void
  close(): void
}

/** How soon the others hear of a failure. */
const sendEveryMs = 200
/** Places that wait to be told of; while the database is away, those beyond are told of to nobody. */
const maxWaiting = 10_000

/** Failed logins are counted for `seconds`. */
export function createSharedLockouts(store: Store, seconds: number): SharedLockouts {
  const me = randomUUID()
  // Owned here, at most `maxWaiting`.
  let waiting = new Map<string, number>()
  let isBusy = false
  let isLoaded = false
  let tellLoaded: ((places: readonly (Failures & { leftMs: number })[]) => void) | undefined

  async function tick(): Promise<void> {
    if (isBusy) return
    isBusy = true
    const sent = waiting
    waiting = new Map()
    try {
      if (!isLoaded && tellLoaded) {
        tellLoaded(await store.lockouts.read())
        isLoaded = true
      }
      const failures = [...sent].map(([place, count]) => ({ place, failures: count }))
      if (failures.length > 0) await store.lockouts.add(me, failures, seconds)
    } catch {
      // Whether the database is away is said elsewhere, once. Here each process counts for itself then.
      for (const [place, count] of sent) put(place, count)
    } finally {
      isBusy = false
    }
  }

  function put(place: string, count: number): void {
    if (waiting.has(place) || waiting.size < maxWaiting) waiting.set(place, (waiting.get(place) ?? 0) + count)
  }

  const timer = setInterval(() => void tick(), sendEveryMs)
  return {
    note: (place) => put(place, 1),
    follow(add) {
      store.listen('lockouts', (news) => {
        const { sender, place, failures } = news as Failures & { sender: string }
        if (sender !== me) add(place, failures)
      })
      tellLoaded = (places) => {
        for (const { place, failures, leftMs } of places) add(place, failures, leftMs)
      }
    },
    close: () => clearInterval(timer),
  }
}
