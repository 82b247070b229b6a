import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'

/** Something that must hold whatever comes. */
export interface FuzzProperty {
  readonly name: string
  /** How many cases each round of `npm run fuzz` tries; a run of the tests tries fewer. */
  readonly cases: number
  /**
   * Tries `cases` cases, always the same ones for the same seed; ends early when the signal aborts. Resolves with how
   * many it tried; rejects with fast-check's report of the smallest case that fails.
   */
  run(seed: number, cases: number, signal?: AbortSignal): Promise<number>
}

/** After this many cases others get a turn; each portion has a seed of its own, which a report names. */
const portion = 5000

/** A property of a function without effects; `judge` throws where it does not hold. */
export function pureProperty<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  judge: (value: T) => void,
): FuzzProperty {
  return {
    name,
    cases: 100_000,
    run: (seed, cases, signal) =>
      inPortions(portion, seed, cases, signal, async (parameters) => {
        fc.assert(fc.property(arbitrary, judge), parameters)
        await setImmediate()
      }),
  }
}

/** Tries `cases` in portions of `size`, each from a seed of its own, until the signal aborts; returns how many. */
export async function inPortions(
  size: number,
  seed: number,
  cases: number,
  signal: AbortSignal | undefined,
  attempt: (parameters: { seed: number; numRuns: number }) => Promise<void>,
): Promise<number> {
  let done = 0
  while (done < cases && !signal?.aborted) {
    const numRuns = Math.min(size, cases - done)
    await attempt({ seed: seed + done, numRuns })
    done += numRuns
  }
  return done
}
