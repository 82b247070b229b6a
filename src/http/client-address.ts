import type { Request } from 'express'
import { type Address, parseAddress } from '../net/ip-address.js'

/** Where a request comes from. */
export interface Caller {
  /** As the trusted hop saw it; undefined where that is not an address. */
  readonly address: Address | undefined
  /** Whether a proxy, trusted or not, says that it passed the request on. */
  readonly isForwarded: boolean
}

/**
 * The caller: the socket's peer, or the entry of X-Forwarded-For that Express's `trust proxy` leads to. No other header
 * is read.
 */
export function caller(req: Request): Caller {
  return { address: parseAddress(req.ip ?? ''), isForwarded: req.headers['x-forwarded-for'] !== undefined }
}
