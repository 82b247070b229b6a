import { failed, ok, skipped, type Verdict } from './finding.js'
import type { Attempt, Trouble } from './trouble.js'

/** Whether AWS knows the credentials, by what the first calls to S3 and Route 53 came to. */
export function checkCredentials(attempts: readonly Attempt<unknown>[]): Verdict {
  const troubles = attempts.flatMap((attempt) => ('trouble' in attempt ? [attempt.trouble] : []))
  const refusal = troubles.find(({ kind }) => kind === 'credentials')
  if (refusal) return failed(refusal.message)
  const isKnown = troubles.length < attempts.length || troubles.some(({ kind }) => kind === 'refusal')
  return isKnown ? ok('AWS knows them') : skipped('AWS has said nothing about them: see what failed below')
}

/** What a check makes of a trouble: of the credentials and the clock, other checks have more to say. */
export function verdictOn({ kind, message }: Trouble): Verdict {
  if (kind === 'credentials') return skipped('AWS must know the credentials first')
  if (kind === 'clock') return skipped('the clock of this machine must be set right first')
  return failed(message)
}
