import { hostsOfChallenge } from '../../certificates/challenge-name.js'
import type { Challenges } from '../../certificates/challenges.js'
import { mayWriteChallenge } from '../../certificates/permission.js'
import type { UpdateOutcome } from '../../registrar/record.js'
import { type Login, type LoginRefusal, maskUnknownHost } from '../authenticate.js'
import type { LoginGate } from '../require-login.js'
import type { TextAnswer } from '../respond.js'
import { failure, json } from './json.js'

/** What the handlers need that write challenges. */
export interface CertificateOptions extends LoginGate {
  readonly challenges: Challenges
}

/** Whether the login may write the challenge at this name; one that may not is logged. */
export function mayWrite(
  { log }: CertificateOptions,
  { credentials, database }: Login,
  name: string,
): boolean {
  if (mayWriteChallenge(database, credentials.token, name)) return true
  const [asked = name] = hostsOfChallenge(name)
  const who = { host: credentials.hostname, asked: maskUnknownHost(asked, database) }
  log.warn(who, 'challenge not written: its host is unknown, or its token is another')
  return false
}

/** The answer to a challenge; `success` is the body that the client expects once Route 53 has accepted it. */
export function answerToChallenge(outcome: UpdateOutcome, success: object): TextAnswer {
  switch (outcome.kind) {
    case 'good':
    case 'nochg':
      return json(200, success)
    case 'refused':
      return failure(500, outcome.reason)
    case 'unavailable':
      return failure(
        503,
        'Route 53 has not accepted it yet: try again in a minute; the log of the service says why',
      )
  }
}

const refusals: Readonly<Record<LoginRefusal['refusal'], string>> = {
  'no credentials': 'log in with HTTP Basic: the user is the host name, the password its token',
  failed: 'the host is unknown or its token is another: compare both with the host database',
  'not ready': 'the host database is not loaded yet: try again in a minute',
  'locked out':
    'too many failed logins from this address: correct the token, and wait for as long as Retry-After says',
}

/** Why a request is not logged in, with the same status and headers as on the other paths. */
export function explainRefusal({ refusal, answer: { status, headers } }: LoginRefusal): TextAnswer {
  return failure(status, refusals[refusal], headers)
}
