import type { RequestHandler } from 'express'
import { caller } from './client-address.js'
import { readWants } from './requested-addresses.js'
import { answerFor, hostLine } from './return-codes.js'
import { afterLogin, type UpdateOptions } from './update.js'

/** Registers the caller's own address for the host that it logs in as, whatever the query says. */
export function registerIp(options: UpdateOptions): RequestHandler {
  return afterLogin(options, async (req, { credentials }) => {
    const wants = readWants(new URLSearchParams(), caller(req), options.allowPrivate)
    return answerFor([hostLine(await options.register(credentials.hostname, wants))])
  })
}
