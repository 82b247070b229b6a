import type { Request, RequestHandler } from 'express'
import { type Login, type LoginOptions, logIn } from './login.js'
import type { Register } from './registration.js'
import { sendText, type TextAnswer } from './text.js'

/** What the handlers that update need. */
export interface UpdateOptions extends LoginOptions {
  readonly register: Register
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
    sendText(res, 'answer' in login ? login.answer : await update(req, login))
  }
}
