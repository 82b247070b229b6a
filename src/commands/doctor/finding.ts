import { count } from '../lists.js'

/** The checks, in their order. */
export const checks = [
  'configuration',
  'credentials',
  'bucket',
  'rows',
  'zone list',
  'host zones',
  'record list',
  'records',
  'permission',
  'delegation',
  'leftovers',
  'clock',
  'postgresql',
  'service',
] as const

/** What a finding is about. */
export type Check = (typeof checks)[number]

/** What a check has found out: one line. */
export interface Finding {
  readonly check: Check
  readonly status: 'ok' | 'failed' | 'warning' | 'skipped'
  /** What is so, where and, unless all is well, what to do. */
  readonly message: string
}

/** A finding whose check is known from where it stands. */
export type Verdict = Omit<Finding, 'check'>

/** All is well. */
export const ok = (message: string): Verdict => ({ status: 'ok', message })

/** It does not work. */
export const failed = (message: string): Verdict => ({ status: 'failed', message })

/** It works, but maybe not as meant. */
export const warning = (message: string): Verdict => ({ status: 'warning', message })

/** It could not be found out. */
export const skipped = (message: string): Verdict => ({ status: 'skipped', message })

/** At most this many findings of one check and status are listed. */
const maxListed = 10

/** What a check has found, by status; beyond `maxListed` of a status, only how many more of `thing` there are. */
export function findings(check: Check, verdicts: readonly Verdict[], thing = 'finding'): Finding[] {
  return (['ok', 'failed', 'warning', 'skipped'] as const).flatMap((status) => {
    const alike = verdicts.filter((verdict) => verdict.status === status)
    const more = alike.length - maxListed
    const rest = more > 0 ? [{ status, message: `and ${count(more, `more ${thing}`)} of that kind` }] : []
    return [...alike.slice(0, maxListed), ...rest].map((verdict) => ({ check, ...verdict }))
  })
}
