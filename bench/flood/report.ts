import { quantile } from '../statistics.js'
import { count, row, tableHead, verdict } from '../table.js'
import { type Registration, registrations } from './honest.js'

/** No flood, or one from one address or from many. */
export type Phase = 'quiet' | 'one' | 'many'

/** Every phase, in the order of a turn. */
export const phases: readonly Phase[] = ['quiet', 'one', 'many']

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
}
const registrationNames: Readonly<Record<Registration, string>> = {
  changed: '`good`',
  same: '`nochg`, Route 53 asked',
  again: '`nochg`, remembered',
}
const columns = [
  'Flood',
  'Wrong logins/s',
  ...registrations.flatMap((kind) => [`${registrationNames[kind]}: median`, '95 %']),
  'Honest',
  'Route 53 calls',
]

/** The results as a Markdown table; each phase took so many seconds in all. */
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

/** Whether that is within twice, in words. What is remembered has no target: no client asks again within seconds. */
export function judgement(results: readonly PhaseResult[]): {
  readonly isMet: boolean
  readonly text: string
} {
  const found = slowdowns(results)
  const lines = found.map(({ kind, phase, ratio }) => {
    const what = `flooded ${phaseNames[phase].split(',')[0]}, ${registrationNames[kind]} takes ${ratio.toFixed(2)} times its quiet value`
    return kind === 'again' ? `- no target: ${what}` : verdict(ratio <= 2, `${what}, at most 2`)
  })
  return { isMet: found.every(({ kind, ratio }) => kind === 'again' || ratio <= 2), text: lines.join('\n') }
}
