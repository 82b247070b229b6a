import type { Request, RequestHandler } from 'express'
import { type Login, type LoginOptions, type LoginRefusal, logIn } from './authenticate.js'
import { logHost, skipLogLine } from './request-log.js'
import { sendText, type TextAnswer } from './respond.js'
import type { ReadLogin } from './sent-login.js'
import type { Tarpit } from './tarpit.js'

/** What it takes to let a request in, or to turn it away. */
export interface LoginGate extends LoginOptions {
  readonly tarpit: Tarpit
}

/** How the clients of a protocol log in, and how they are refused. */
export interface LoginManner {
  /** Undefined where the request brings no login. */
  readonly loginOf: (req: Request) => ReadLogin | undefined
  readonly refuse: (refusal: LoginRefusal, req: Request) => TextAnswer
}

/** A handler that answers a request that is logged in with what `handle` says, and every other with what `refuse` says. */
export function requireLogin(
  gate: LoginGate,
  handle: (req: Request, login: Login) => Promise<TextAnswer>,
  { loginOf, refuse }: LoginManner,
): RequestHandler {
  return async (req, res) => {
    const login = await logIn(req, gate, loginOf(req))
    if (!('refusal' in login)) {
      logHost(res, login.credentials.hostname)
      return sendText(res, await handle(req, login))
    }
    const { refusal } = login
    const answer = refuse(login, req)
    if (refusal === 'locked out') skipLogLine(res)
    if (refusal === 'failed' || refusal === 'locked out') return gate.tarpit(res, answer)
    return sendText(res, answer)
  }
}
