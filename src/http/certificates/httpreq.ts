import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { challengeName } from '../../certificates/challenge-name.js'
import { parseHostname } from '../../net/hostname.js'
import { requireLogin } from '../require-login.js'
import { sentBasicLogin } from '../sent-login.js'
import { answerToChallenge, type CertificateOptions, explainRefusal, mayWrite } from './challenge.js'
import { failure, isChallengeValue, readFields } from './json.js'

/** What is asked for, and the fields that it was asked with: Caddy wants them back. */
interface AskedChallenge {
  /** Canonical name of the record. */
  readonly name: string
  readonly value: string
  readonly sent: object
}

/** Sets a challenge or cleans it up, as lego's `httpreq` asks for it, which acme.sh and Caddy call `acmeproxy`. */
export function httpreq(options: CertificateOptions, action: 'present' | 'cleanUp'): RequestHandler {
  return requireLogin(
    options,
    async (req, login) => {
      const asked = readChallenge(readFields(req.body))
      if (typeof asked === 'string') return failure(400, asked)
      if (!(await mayWrite(options, req, login, asked.name))) {
        const own = challengeName(login.credentials.hostname)
        return failure(
          403,
          `this login may write the challenge at ${own}, and those of hosts with the same token`,
        )
      }
      return answerToChallenge(await options.challenges[action](asked.name, asked.value), asked.sent)
    },
    { loginOf: sentBasicLogin, refuse: explainRefusal },
  )
}

/** Reads either mode of lego's `httpreq`; a sentence says what is wrong. */
function readChallenge(fields: ReadonlyMap<string, string>): AskedChallenge | string {
  const [fqdn, value] = [fields.get('fqdn'), fields.get('value')]
  const [domain, token, keyAuth] = [fields.get('domain'), fields.get('token'), fields.get('keyAuth')]
  if (fqdn !== undefined && value !== undefined) {
    const name = parseHostname(fqdn)
    if (!name) return 'fqdn is no full name: send _acme-challenge. and the host'
    if (!isChallengeValue(value)) return 'value is no DNS-01 challenge: it has 43 characters of base64url'
    return { name, value, sent: { fqdn, value } }
  }
  if (domain !== undefined && keyAuth !== undefined) {
    const host = parseHostname(domain)
    const name = host && parseHostname(challengeName(host))
    if (!name) return 'domain is no full host name'
    // As RFC 8555, 8.4 derives it.
    return {
      name,
      value: createHash('sha256').update(keyAuth).digest('base64url'),
      sent: { domain, token, keyAuth },
    }
  }
  return 'send a JSON object with the texts fqdn and value, or in RAW mode domain, token and keyAuth'
}
