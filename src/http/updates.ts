import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { HostDatabase } from '../hosts/database.js'
import { type Login, logIn } from './login.js'
import type { Register } from './registration.js'
import { sendText, type TextAnswer } from './text.js'

/** What the handlers that update need. */
export interface UpdateOptions {
  /** The host database, undefined before it is loaded. */
  readonly hosts: () => HostDatabase | undefined
  readonly register: Register
  /** Whether addresses may be published that the internet cannot reach. */
  readonly allowPrivate: boolean
  readonly log: Logger
}

/** A handler that logs the request in, and then answers with what `update` says. */
export function afterLogin(
  { hosts, log }: UpdateOptions,
  update: (req: Request, login: Login) => Promise<TextAnswer>,
): RequestHandler {
  return async (req, res) => {
    const login = logIn(req, hosts(), log)
    sendText(res, 'answer' in login ? login.answer : await update(req, login))
  }
}
