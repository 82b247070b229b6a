import type { LoggedCall } from '../../emulators/route53/calls.js'
import { zoneName } from './hosts.js'

/** A process begins a round of its sweep no sooner than this after the one before: DYNDNS_RECHECK_SECONDS. */
export const recheckMs = 30_000

/** When rounds of a sweep began, as Route 53 saw it: a page from the name of the zone on is the first of a round. */
export function roundStarts(calls: readonly LoggedCall[]): number[] {
  return calls.flatMap((call) =>
    call.action === 'ListResourceRecordSets' && call.name?.replace(/\.$/, '') === zoneName ? [call.atMs] : [],
  )
}

/** Whether these are the rounds of one sweep: those of several begin within its pauses. */
export function isOneSweep(startsMs: readonly number[]): boolean {
  // Calls arrive a little sooner or later than they were made.
  return startsMs.every((atMs, index) => index === 0 || atMs - (startsMs[index - 1] ?? 0) > recheckMs - 2000)
}
