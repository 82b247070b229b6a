import type { Request, RequestHandler } from 'express'
import { challengeName } from '../../certificates/challenge-name.js'
import { parseHostname } from '../../net/hostname.js'
import type { LoginRefusal } from '../authenticate.js'
import { requireLogin } from '../require-login.js'
import { sendText, type TextAnswer } from '../respond.js'
import { type ReadLogin, readLogin } from '../sent-login.js'
import { answerToChallenge, type CertificateOptions, explainRefusal, mayWrite } from './challenge.js'
import { failure, isChallengeValue, json, readFields } from './json.js'

/** Sets a challenge as clients of acme-dns ask for it; where it has a word of its own for a failure, that is the answer. */
export function acmeDnsUpdate(options: CertificateOptions): RequestHandler {
  return requireLogin(
    options,
    async (req, login) => {
      const fields = readFields(req.body)
      const txt = fields.get('txt') ?? ''
      const host = parseHostname(fields.get('subdomain') ?? '')
      const name = host && parseHostname(challengeName(host))
      if (!name) return failure(400, 'bad_subdomain')
      if (!isChallengeValue(txt)) return failure(400, 'bad_txt')
      if (!(await mayWrite(options, req, login, name))) return failure(403, 'forbidden')
      return answerToChallenge(await options.challenges.roll(name, txt), { txt })
    },
    { loginOf: sentApiLogin, refuse: refuseLogin },
  )
}

/** Whoever would make an account: the host database is where accounts are. */
export const acmeDnsRegister: RequestHandler = (_req, res) =>
  sendText(
    res,
    failure(
      403,
      'nobody registers here: the user is a host name of the host database, the password its token',
    ),
  )

/** acme-dns answers with an empty body, and its clients look at the status. */
export const acmeDnsHealth: RequestHandler = (_req, res) => sendText(res, json(200, {}))

/** The login in the headers of acme-dns, as Node reads headers: each byte a character. */
function sentApiLogin({ headers }: Request): ReadLogin | undefined {
  const { 'x-api-user': user, 'x-api-key': token } = headers
  if (user === undefined && token === undefined) return undefined
  return readLogin(Buffer.from(String(user ?? ''), 'latin1'), Buffer.from(String(token ?? ''), 'latin1'))
}

function refuseLogin(refused: LoginRefusal): TextAnswer {
  const { refusal, answer } = refused
  const isForbidden = refusal === 'no credentials' || refusal === 'failed'
  return isForbidden ? failure(answer.status, 'forbidden', answer.headers) : explainRefusal(refused)
}
