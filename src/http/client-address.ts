import type { Request, RequestHandler } from 'express'
import { type Address, parseAddress } from '../net/ip-address.js'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/** Where a request comes from. */
export interface Caller {
  /** As the trusted hop saw it; undefined where that is not an address. */
  readonly address: Address | undefined
  /** Whether a proxy, trusted or not, says that it passed the request on. */
  readonly isForwarded: boolean
}

/** Callers by their requests. Written by `callerOf` alone; an entry goes with its request. */
const callers = new WeakMap<Request, Caller>()

/**
 * The caller: the socket's peer, or the entry of X-Forwarded-For that Express's `trust proxy` leads to. No other header
 * is read. Computed once for each request, by the request log, which is the first to ask.
 */
export function callerOf(req: Request): Caller {
  const known = callers.get(req)
  if (known) return known
  const caller: Caller = {
    address: parseAddress(req.ip ?? ''),
    isForwarded: req.headers['x-forwarded-for'] !== undefined,
  }
  callers.set(req, caller)
  return caller
}

/**
 * Refuses a request with several X-Forwarded-For lines. Heroku's router appends to the last one: where there are more,
 * somebody tries to pass for somebody else.
 */
export const refuseSplitForwardedFor: RequestHandler = (req, res, next) => {
  const lines = req.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'x-forwarded-for',
  )
  if (lines.length < 2) return next()
  return sendText(res, badAgent(400))
}
