import type { Request, RequestHandler, Response } from 'express'
import { type Login, type LoginOptions, type LoginRefusal, logIn } from './authenticate.js'
import { skipLogLine } from './request-log.js'
import { sendText, type TextAnswer } from './respond.js'
import type { Tarpit } from './tarpit.js'

/** What it takes to let a request in, or to turn it away. */
export interface LoginGate extends LoginOptions {
  readonly tarpit: Tarpit
}

/** A handler that answers a request that is logged in with what `handle` says, and every other with what `refuse` says. */
export function requireLogin(
  gate: LoginGate,
  handle: (req: Request, login: Login) => Promise<TextAnswer>,
  refuse: (req: Request, refusal: LoginRefusal) => TextAnswer,
): RequestHandler {
  return async (req, res) => {
    const login = logIn(req, gate)
    if (!('refusal' in login)) return sendText(res, await handle(req, login))
    return sendRefusal(gate, res, login, refuse(req, login))
  }
}

function sendRefusal({ tarpit }: LoginGate, res: Response, { refusal }: LoginRefusal, answer: TextAnswer) {
  if (refusal === 'locked out') skipLogLine(res)
  if (refusal === 'failed' || refusal === 'locked out') return tarpit(res, answer)
  return sendText(res, answer)
}
