/** The value below which the share `q` (0 to 1) of the values lies; of none, NaN. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

/** How two samples differ. */
export interface Comparison {
  /** Median of the second. */
  readonly median: number
  /** The same less the median of the first. */
  readonly medianDifference: number
  /** Welch's t of what lies below the 95th percentile of both together, where the noise of the machine begins. */
  readonly welchT: number
  /** The standard error of the difference of means that t is measured by. */
  readonly standardError: number
  /** Mann and Whitney's U as a standard normal deviate. */
  readonly mannWhitneyZ: number
  /** How often a value of the second is the greater: 0.5 where nobody can tell. */
  readonly superiority: number
}

/** Compares two samples of some hundreds of values or more. */
export function compareSamples(first: readonly number[], second: readonly number[]): Comparison {
  const limit = quantile([...first, ...second], 0.95)
  const cropped = (values: readonly number[]) => values.filter((value) => value <= limit)
  const median = quantile(second, 0.5)
  const { z, superiority } = mannWhitney(first, second)
  return {
    median,
    medianDifference: median - quantile(first, 0.5),
    ...welch(cropped(first), cropped(second)),
    mannWhitneyZ: z,
    superiority,
  }
}

function welch(
  first: readonly number[],
  second: readonly number[],
): Pick<Comparison, 'welchT' | 'standardError'> {
  const [a, b] = [moments(first), moments(second)]
  const standardError = Math.sqrt(a.variance / first.length + b.variance / second.length)
  return { welchT: (b.mean - a.mean) / standardError, standardError }
}

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, variance: squares / (values.length - 1) }
}

function mannWhitney(
  first: readonly number[],
  second: readonly number[],
): { z: number; superiority: number } {
  const all = [
    ...first.map((value) => ({ value, isSecond: false })),
    ...second.map((value) => ({ value, isSecond: true })),
  ].sort((a, b) => a.value - b.value)
  let rankSum = 0
  let ties = 0
  for (let start = 0; start < all.length; ) {
    let end = start
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1
    const size = end - start
    const rank = (start + 1 + end) / 2
    rankSum += rank * all.slice(start, end).filter(({ isSecond }) => isSecond).length
    ties += size ** 3 - size
    start = end
  }
  const [m, n, total] = [first.length, second.length, all.length]
  const u = rankSum - (n * (n + 1)) / 2
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)))
  return { z: (u - (m * n) / 2) / Math.sqrt(variance), superiority: u / (m * n) }
}
