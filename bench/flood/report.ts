import { quantile } from '../statistics.js'
import { count, row, tableHead, verdict } from '../table.js'
import { type Registration, registrations } from './honest.js'

/** A flood from one address or from many, or one that does not even wait for answers. */
export type Flood = 'one' | 'many' | 'rude'

/** No flood, or one. */
export type Phase = 'quiet' | Flood

/** Every phase, in the order of a turn. */
export const phases: readonly Phase[] = ['quiet', 'one', 'many', 'rude']

/** What a phase showed, all its turns together. */
export interface PhaseResult {
  readonly phase: Phase
  /** The latencies of honest registrations, in milliseconds. */
  readonly latencies: Readonly<Record<Registration, number[]>>
  /** Answers that the flood got. */
  answers: number
  /** Calls that the server made to Route 53. */
  calls: number
}

const phaseNames: Readonly<Record<Phase, string>> = {
  quiet: 'none',
  one: 'from one address, soon locked out',
  many: 'from many addresses, never locked out',
  rude: 'without waiting for answers, each over a connection of its own',
}
const registrationNames: Readonly<Record<Registration, string>> = {
  changed: '`good`',
  same: '`nochg`, Route 53 asked',
  again: '`nochg`, remembered',
}
const columns = [
  'Flood',
  'Answers/s',
  ...registrations.flatMap((kind) => [`${registrationNames[kind]}: median`, '95 %']),
  'Honest',
  'Route 53 calls',
]

/** The results as a Markdown table; each phase took `seconds` in all. */
export function latencyTable(results: readonly PhaseResult[], seconds: number): string {
  const ms = (values: readonly number[], q: number) => `${quantile(values, q).toFixed(1)} ms`
  const rows = results.map(({ phase, latencies, answers, calls }) =>
    row([
      phaseNames[phase],
      count(answers / seconds),
      ...registrations.flatMap((kind) => [ms(latencies[kind], 0.5), ms(latencies[kind], 0.95)]),
      count(registrations.reduce((sum, kind) => sum + latencies[kind].length, 0)),
      count(calls),
    ]),
  )
  return [tableHead(columns), ...rows, ''].join('\n')
}

/** How many times its quiet value the median latency of each kind of registration is, flooded. */
export function slowdowns(
  results: readonly PhaseResult[],
): { readonly kind: Registration; readonly phase: Phase; readonly ratio: number }[] {
  const [quiet, ...flooded] = results
  return flooded.flatMap(({ phase, latencies }) =>
    registrations.map((kind) => {
      const ratio = quantile(latencies[kind], 0.5) / quantile(quiet?.latencies[kind] ?? [], 0.5)
      return { kind, phase, ratio }
    }),
  )
}

/**
 * Whether that is within twice, in words. What is remembered has no target, for no client asks again within seconds; and
 * a flood that waits for no answer has none: only what stands in front of the server can hold back connections.
 */
export function judgement(results: readonly PhaseResult[]): {
  readonly isMet: boolean
  readonly text: string
} {
  const found = slowdowns(results)
  const hasTarget = ({ kind, phase }: (typeof found)[number]) => kind !== 'again' && phase !== 'rude'
  const lines = found.map((slowdown) => {
    const { kind, phase, ratio } = slowdown
    const what = `flooded ${phaseNames[phase].split(',')[0]}, ${registrationNames[kind]} takes ${ratio.toFixed(2)} times its quiet value`
    return hasTarget(slowdown) ? verdict(ratio <= 2, `${what}, at most 2`) : `- no target: ${what}`
  })
  const isMet = found.filter(hasTarget).every(({ ratio }) => ratio <= 2)
  return { isMet, text: lines.join('\n') }
}
