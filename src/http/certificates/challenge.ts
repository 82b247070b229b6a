import type { Request } from 'express'
import { hostsOfChallenge } from '../../certificates/challenge-name.js'
import type { Challenges } from '../../certificates/challenges.js'
import { mayWriteChallenge } from '../../certificates/permission.js'
import type { UpdateOutcome } from '../../registrar/record.js'
import { type Login, type LoginRefusal, maskUnknownHost, withNewestDatabase } from '../authenticate.js'
import { requestIdOf } from '../request-id.js'
import type { LoginGate } from '../require-login.js'
import type { TextAnswer } from '../respond.js'
import { failure, json } from './json.js'

/** What the handlers need that write challenges. */
export interface CertificateOptions extends LoginGate {
  readonly challenges: Challenges
}

/** Whether the login may write the challenge at this name, by the newest database; one that may not is logged. */
export async function mayWrite(
  options: CertificateOptions,
  req: Request,
  login: Login,
  name: string,
): Promise<boolean> {
  const { hostname, token } = login.credentials
  if (mayWriteChallenge(login.database, token, name)) return true
  const { database } = await withNewestDatabase(req, login, options)
  if (mayWriteChallenge(database, token, name)) return true
  const [asked = name] = hostsOfChallenge(name)
  const who = { id: requestIdOf(req), host: hostname, asked: maskUnknownHost(asked, database) }
  options.log.warn(who, 'challenge not written: its host is unknown, or its token is another')
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
