import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { caller } from './client-address.js'

/** Logs a line for each request once its answer is sent or its connection lost; never its query or headers. */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedMs = performance.now()
    const { method } = req
    const address = caller(req).address?.text
    const path = loggablePath(req.path)
    res.once('close', () => {
      const ms = Math.round(performance.now() - startedMs)
      const status = res.writableFinished ? res.statusCode : undefined
      log.info({ method, path, status, address, ms }, res.writableFinished ? 'request' : 'request aborted')
    })
    next()
  }
}

/** What may be logged of a path: up to the first sign of a misplaced query, and not much. */
function loggablePath(path: string): string {
  return (/^[\w/.-]*/.exec(path)?.[0] ?? '').slice(0, 40)
}
