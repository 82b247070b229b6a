import { type Comparison, compareSamples } from '../statistics.js'
import { count, row } from '../table.js'

/**
 * What is timed. The first is what the others are compared with: its twin is made the same way, and shows what chance
 * does; the control does less work, and shows that a difference is seen where there is one.
 */
const kinds = ['wrong token', 'wrong token, twin', 'unknown host', 'control'] as const

/** One of them. */
export type Kind = (typeof kinds)[number]

/** Durations by kind, in nanoseconds. */
export type Samples = Readonly<Record<Kind, number[]>>

/** Times `once`, `perKind` times for each kind, all in random order. */
export async function takeSamples(
  perKind: number,
  once: (kind: Kind) => Promise<number> | number,
): Promise<Samples> {
  const samples: Samples = { 'wrong token': [], 'wrong token, twin': [], 'unknown host': [], control: [] }
  const order = shuffled(kinds.flatMap((kind) => Array<Kind>(perKind).fill(kind)))
  for (const kind of order) samples[kind].push(await once(kind))
  return samples
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = items.map((item) => ({ item, at: Math.random() }))
  return order.sort((a, b) => a.at - b.at).map(({ item }) => item)
}

/** Beyond this many standard deviations it is no accident: the limit that leak detectors such as dudect use. */
const limit = 4.5

/** By whichever test serves an attacker better. */
function canTell({ welchT, mannWhitneyZ }: Comparison): boolean {
  return Math.max(Math.abs(welchT), Math.abs(mannWhitneyZ)) > limit
}

/** The columns of a report. */
export const columns = [
  'Where',
  'A wrong token against',
  'Samples of each',
  'Median',
  'differs by',
  "Welch's t",
  'Mann-Whitney z',
  'Slower in',
  'Told apart',
]

/** What the promise is about: the two that must not be told apart, and the smallest difference that these would show. */
export function wrongAgainstUnknown(samples: Samples): {
  isTold: boolean
  differsByNs: number
  wouldShowNs: number
} {
  const found = compareSamples(samples['wrong token'], samples['unknown host'])
  return {
    isTold: canTell(found),
    differsByNs: found.medianDifference,
    wouldShowNs: limit * found.standardError,
  }
}

/** The rows of a report: the first kind against each other one. */
export function reportRows(where: string, control: string, samples: Samples): string[] {
  const [first, ...others] = kinds
  const microseconds = (ns: number) => `${(ns / 1000).toFixed(2)} µs`
  return others.map((kind) => {
    const found = compareSamples(samples[first], samples[kind])
    return row([
      where,
      kind === 'control' ? `control: ${control}` : kind,
      count(samples[kind].length),
      microseconds(found.median),
      microseconds(found.medianDifference),
      found.welchT.toFixed(1),
      found.mannWhitneyZ.toFixed(1),
      `${(100 * found.superiority).toFixed(1)} %`,
      canTell(found) ? 'yes' : 'no',
    ])
  })
}
