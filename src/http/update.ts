import type { Request, RequestHandler } from 'express'
import { type Login, type LoginOptions, logIn } from './authenticate.js'
import type { Register } from './registration.js'
import { leaveUnlogged } from './request-log.js'
import { sendText, type TextAnswer } from './respond.js'
import type { Tarpit } from './tarpit.js'

/** What the handlers that update need. */
export interface UpdateOptions extends LoginOptions {
  readonly register: Register
  readonly tarpit: Tarpit
  /** Whether addresses may be published that the internet cannot reach. */
  readonly allowPrivate: boolean
}

/** A handler that logs the request in, and then answers with what `update` says. */
export function afterLogin(
  options: UpdateOptions,
  update: (req: Request, login: Login) => Promise<TextAnswer>,
): RequestHandler {
  return async (req, res) => {
    const login = logIn(req, options)
    if (!('refusal' in login)) return sendText(res, await update(req, login))
    const { refusal, answer } = login
    if (refusal === 'locked out') leaveUnlogged(res)
    if (refusal === 'failed' || refusal === 'locked out') return options.tarpit(res, answer)
    sendText(res, answer)
  }
}
