import type { Express, Request, RequestHandler } from 'express'
import { type Address, parseAddress, withoutPort } from '../net/ip-address.js'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/** Where a request comes from. */
export interface Caller {
  /** As the trusted hop saw it; undefined where that is not an address. */
  readonly address: Address | undefined
  /** Whether a proxy, trusted or not, says that it passed the request on. */
  readonly isForwarded: boolean
  /** The beginning of what the trusted hop says instead of an address; undefined where that is an address or nothing. */
  readonly unreadable?: string
}

/** What the log shows of a value that is no address. */
const maxShown = 60

/** Callers by their requests. Written by `callerOf` alone; an entry goes with its request. */
const callers = new WeakMap<Request, Caller>()

/**
 * Believes what proxies say of the caller: `trusted` is how many are in front, or which networks they are in. They may write
 * a port behind an address, as Azure's gateway does, or brackets around it.
 */
export function trustProxies(app: Express, trusted: number | readonly string[]): void {
  app.set('trust proxy', trusted)
  const isTrusted: (address: string, hop: number) => boolean = app.get('trust proxy fn')
  app.set('trust proxy', (entry: string, hop: number) => isTrusted(withoutPort(entry), hop))
}

/**
 * The caller: the socket's peer, or the entry of X-Forwarded-For that Express's `trust proxy` leads to. No other header
 * is read. Computed once for each request, by the request log, which is the first to ask.
 */
export function callerOf(req: Request): Caller {
  const known = callers.get(req)
  if (known) return known
  const seen = req.ip ?? ''
  const address = parseAddress(withoutPort(seen))
  const caller: Caller = {
    address,
    isForwarded: req.headers['x-forwarded-for'] !== undefined,
    ...(!address && seen && { unreadable: seen.slice(0, maxShown) }),
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
  return sendText(res, { ...badAgent(400), reason: 'there are several X-Forwarded-For lines' })
}
