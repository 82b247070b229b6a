import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { caller } from './client-address.js'

/**
 * Logs a line for each request once its answer is sent or its connection lost; never its query or headers. Both the
 * line and the answer carry the request's id: Heroku's, which its router logs too, or a new one.
 */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedMs = performance.now()
    const { method } = req
    const { address } = caller(req)
    const path = loggablePath(req.path)
    const id = requestId(req.headers['x-request-id'])
    res.setHeader('X-Request-Id', id)
    res.once('close', () => {
      const ms = Math.round(performance.now() - startedMs)
      const status = res.writableFinished ? res.statusCode : undefined
      const message = res.writableFinished ? 'request' : 'request aborted'
      log.info({ id, method, path, status, address: address?.text, ms }, message)
    })
    next()
  }
}

/** A client may choose the id that Heroku passes on, within these characters. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[A-Za-z0-9+/=-]{20,200}$/.test(given) ? given : randomUUID()
}

/** What may be logged of a path: up to the first sign of a misplaced query, and not much. */
function loggablePath(path: string): string {
  return (/^[\w/.-]*/.exec(path)?.[0] ?? '').slice(0, 40)
}
