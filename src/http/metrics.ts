import { timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import { digestOfToken } from '../hosts/token.js'
import { callerOf } from './client-address.js'
import type { Lockout } from './lockout.js'
import { requestIdOf } from './request-id.js'
import { skipLogLine } from './request-log.js'
import { sendText, type TextAnswer } from './respond.js'
import type { Tarpit } from './tarpit.js'

/** The figures of the service, for those who have the token. */
export interface SharedMetrics {
  readonly token: string
  /** All figures as text, and its media type. */
  read(): Promise<{ readonly text: string; readonly type: string }>
}

/** What lets those in who ask for the figures, and turns the others away. */
export interface MetricsGate {
  readonly lockout: Lockout
  readonly tarpit: Tarpit
  readonly log: Logger
  readonly publish: Publish
}

const unauthorized: TextAnswer = {
  status: 401,
  body: 'send the token of the metrics as Authorization: Bearer TOKEN',
  headers: { 'WWW-Authenticate': 'Bearer realm="dyndns53"' },
}

/** The scheme is in any case, and the rest is RFC 6750's token. */
const bearer = /^ *bearer +([\w.~+/-]+=*) *$/i

/** Answers with the figures. A wrong token counts as a failed login, from where it comes. */
export function showMetrics(
  { token, read }: SharedMetrics,
  { lockout, tarpit, log, publish }: MetricsGate,
): RequestHandler {
  const digest = digestOfToken(token)
  return async (req, res) => {
    const { address } = callerOf(req)
    const secondsLeft = lockout.secondsLeft(address)
    if (secondsLeft > 0) {
      skipLogLine(res)
      const headers = { 'Retry-After': String(secondsLeft) }
      return tarpit(res, { status: 503, body: 'too many failed logins from this address', headers })
    }
    const { authorization } = req.headers
    if (authorization === undefined) return sendText(res, { ...unauthorized, reason: 'no login was sent' })
    const [, sent = ''] = bearer.exec(authorization) ?? []
    if (timingSafeEqual(digestOfToken(sent), digest)) {
      const { text, type } = await read()
      return sendText(res, { status: 200, body: text, headers: { 'Content-Type': type } })
    }
    lockout.failed(address)(false)
    publish({ kind: 'login-failed' })
    const reason = 'the token is not DYNDNS_METRICS_TOKEN'
    log.warn({ id: requestIdOf(req), address: address?.text, reason }, 'login failed')
    return tarpit(res, { ...unauthorized, reason })
  }
}
