import basicAuth from 'basic-auth'
import type { Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { callerOf } from './client-address.js'
import { requestIdOf } from './request-id.js'
import { reasonOf } from './respond.js'

/** Responses that get no line. Written by `skipLogLine` alone; an entry goes with its response. */
const skipped = new WeakSet<Response>()

/** Keeps a request out of the log: a lockout has one line, and none for each request that it refuses. */
export function skipLogLine(res: Response): void {
  skipped.add(res)
}

/** Hosts by the responses to those who logged in as them. Written by `logHost` alone; an entry goes with its response. */
const loggedIn = new WeakMap<Response, string>()

/** Puts the host of a login that is right into the line of its request. */
export function logHost(res: Response, host: string): void {
  loggedIn.set(res, host)
}

/**
 * Logs a line for each request once its answer is sent or its connection lost, and why it was refused, where that was
 * noted; never its query or headers. Both the line and the answer carry the request's id.
 */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedMs = performance.now()
    const { method } = req
    const { address } = callerOf(req)
    const path = loggablePath(req.path)
    const userAgent = loggableAgent(req)
    const id = requestIdOf(req)
    res.once('close', () => {
      if (skipped.has(res)) return
      const ms = Math.round(performance.now() - startedMs)
      const status = res.writableFinished ? res.statusCode : undefined
      const message = res.writableFinished ? 'request' : 'request aborted'
      const host = loggedIn.get(res)
      const line = {
        id,
        method,
        path,
        status,
        host,
        address: address?.text,
        userAgent,
        reason: reasonOf(res),
        ms,
      }
      log.info(line, message)
    })
    next()
  }
}

/** The segments that our paths are made of; what else a client puts into its path may be a token. */
const knownSegments = new Set(
  ',check_ip,checkip,register_ip,nic,v3,update,acme,present,cleanup,register,health,host,host.json,setup,certificates,help,assets,metrics'.split(
    ',',
  ),
)

/** The path up to its first unknown segment; an ellipsis stands for the rest. */
function loggablePath(path: string): string {
  const segments = path.slice(0, 100).split('/')
  const unknown = segments.findIndex((segment) => !knownSegments.has(segment.toLowerCase()))
  return unknown < 0 ? segments.join('/') : [...segments.slice(0, unknown), '…'].join('/')
}

/** At most this many characters of a User-Agent are logged. */
const maxAgentLength = 120

/** The client by its own words, without control characters; not at all where the token of its login is among them. */
function loggableAgent(req: Request): string | undefined {
  const agent = req.headers['user-agent']
  const token = basicAuth(req)?.pass
  if (!agent || (token && agent.includes(token))) return undefined
  return agent.replace(/\p{Cc}+/gu, ' ').slice(0, maxAgentLength)
}
