import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { callerOf } from './client-address.js'

/** Responses that get no line. Written by `skipLogLine` alone; an entry goes with its response. */
const skipped = new WeakSet<Response>()

/** Keeps a request out of the log: a lockout has one line, and none for each request that it refuses. */
export function skipLogLine(res: Response): void {
  skipped.add(res)
}

/**
 * Logs a line for each request once its answer is sent or its connection lost; never its query or headers. Both the
 * line and the answer carry the request's id: Heroku's, which its router logs too, or a new one.
 */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedMs = performance.now()
    const { method } = req
    const { address } = callerOf(req)
    const path = loggablePath(req.path)
    const id = requestId(req.headers['x-request-id'])
    res.setHeader('X-Request-Id', id)
    res.once('close', () => {
      if (skipped.has(res)) return
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

/** The segments that our paths are made of; what else a client puts into its path may be a token. */
const knownSegments = new Set([
  '',
  'check_ip',
  'checkip',
  'register_ip',
  'nic',
  'v3',
  'update',
  'host',
  'host.json',
  'setup',
  'help',
  'assets',
])

/** The path up to its first unknown segment; an ellipsis stands for the rest. */
function loggablePath(path: string): string {
  const segments = path.slice(0, 100).split('/')
  const unknown = segments.findIndex((segment) => !knownSegments.has(segment.toLowerCase()))
  return unknown < 0 ? segments.join('/') : [...segments.slice(0, unknown), '…'].join('/')
}
