import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Ids by their requests. Written by `requestIdOf` alone; an entry goes with its request. */
const ids = new WeakMap<IncomingMessage, string>()

/**
 * What joins the log lines of a request; it is in the answer's X-Request-Id too. Heroku's, which its router logs too, or
 * a new one.
 */
export function requestIdOf(req: IncomingMessage): string {
  const known = ids.get(req)
  if (known !== undefined) return known
  const given = req.headers['x-request-id']
  // A client may choose the id that Heroku passes on, within these characters.
  const isGood = typeof given === 'string' && /^[A-Za-z0-9+/=-]{20,200}$/.test(given)
  const id = isGood ? given : randomUUID()
  ids.set(req, id)
  return id
}
