import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { HostDatabase } from '../hosts/database.js'
import { clientAddress } from './client-address.js'
import { logIn } from './login.js'
import type { Register } from './registration.js'
import { sendText, type TextAnswer } from './text.js'
import { badAuth, outcomeAnswer, tryLater } from './words.js'

/** Registers the caller's own address for the host that it logs in as, whatever the query says. */
export function registerIp(
  hosts: () => HostDatabase | undefined,
  register: Register,
  log: Logger,
): RequestHandler {
  async function answer(req: Request): Promise<TextAnswer> {
    const login = logIn(req, hosts(), log)
    switch (login.kind) {
      case 'refused':
        return badAuth
      case 'unavailable':
        return tryLater
      case 'host':
        return outcomeAnswer(await register(login.host, clientAddress(req)))
    }
  }
  return async (req, res) => sendText(res, await answer(req))
}
