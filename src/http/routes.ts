import type { Express, RequestHandler } from 'express'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/** Adds a path that is only read. */
export function addReading(app: Express, path: string, handler: RequestHandler): void {
  app.route(path).get(handler).all(refuseOther('GET, HEAD'))
}

/** Answers a method that a path does not have. */
export function refuseOther(allowed: string): RequestHandler {
  const answer = { status: 405, body: 'method not allowed', headers: { Allow: allowed } }
  return (_req, res) => sendText(res, answer)
}

/** Adds a path that updates, by GET and by POST. Paths are texts: New Relic names transactions after them. */
export function addUpdating(
  app: Express,
  path: string,
  guards: RequestHandler[],
  readBody: RequestHandler,
  handler: RequestHandler,
): void {
  const refuse: RequestHandler = (_req, res) => sendText(res, badAgent(405, 'GET, POST'))
  app
    .route(path)
    // Express would answer HEAD by the GET handler, and a HEAD must not write.
    .head(refuse)
    .get(guards, handler)
    .post(guards, readBody, handler)
    .all(refuse)
}
