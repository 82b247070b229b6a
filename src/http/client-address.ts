import type { Request } from 'express'
import { type Address, parseAddress } from '../dns/address.js'

/**
 * The caller's address as the trusted hop saw it: the socket's peer, or the entry of X-Forwarded-For that Express's
 * `trust proxy` leads to. Undefined where that entry is not an address.
 */
export function clientAddress(req: Request): Address | undefined {
  return parseAddress(req.ip ?? '')
}
