import express, { type ErrorRequestHandler, type Express } from 'express'
import type { Logger } from 'pino'
import type { Registrar } from '../dns/registrar.js'
import type { HostDatabase } from '../hosts/database.js'
import { checkIp, checkIpAsDyn } from './check-ip.js'
import { nicUpdate } from './nic-update.js'
import { registerIp } from './register-ip.js'
import { createRegister } from './registration.js'
import { requestLog } from './request-log.js'
import { sendText, type TextAnswer } from './text.js'
import type { UpdateOptions } from './updates.js'
import { badAgent, brokenDown } from './words.js'

/** What the HTTP side works with. */
export interface AppOptions {
  /** The host database, undefined before it is loaded. */
  readonly hosts: () => HostDatabase | undefined
  readonly registrar: Registrar
  readonly ttlSeconds: number
  /** As in ServerConfig. */
  readonly trustProxy: number | readonly string[]
  readonly allowPrivate: boolean
  readonly log: Logger
}

/** Forms are read up to this size, in bytes. */
const maxFormBytes = 4096

/** The Express application with all routes. */
export function createApp({
  hosts,
  registrar,
  ttlSeconds,
  trustProxy,
  allowPrivate,
  log,
}: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustProxy)
  app.set('query parser', false)
  app.use(requestLog(log))

  const notAllowed: TextAnswer = { status: 405, body: 'method not allowed', headers: { Allow: 'GET, HEAD' } }
  for (const [path, handler] of [
    ['/check_ip', checkIp],
    ['/checkip', checkIpAsDyn],
  ] as const) {
    app
      .route(path)
      .get(handler)
      .all((_req, res) => sendText(res, notAllowed))
  }

  const updates: UpdateOptions = {
    hosts,
    register: createRegister(registrar, ttlSeconds, log),
    allowPrivate,
    log,
  }
  const form = express.text({ type: 'application/x-www-form-urlencoded', limit: maxFormBytes })
  for (const [path, handler] of [
    ['/register_ip', registerIp(updates)],
    // UniFi sends //nic/update.
    [/^\/+(nic|v3)\/update\/?$/i, nicUpdate(updates)],
  ] as const) {
    const onlyGetAndPost = badAgent(405, 'GET, POST')
    app
      .route(path)
      // Express would answer HEAD by the GET handler, and a HEAD must not write.
      .head((_req, res) => sendText(res, onlyGetAndPost))
      .get(handler)
      .post(form, handler)
      .all((_req, res) => sendText(res, onlyGetAndPost))
  }

  app.use(/^\/+(nic|v3|register_ip)/i, (_req, res) => sendText(res, badAgent(404)))
  app.use((_req, res) => sendText(res, { status: 404, body: 'not found' }))
  app.use(answerError(log))
  return app
}

/** What a request made Express itself refuse is the client's fault; everything else is a bug of ours. */
function answerError(log: Logger): ErrorRequestHandler {
  return (error: { status?: number }, _req, res, next) => {
    const isClients = error.status !== undefined && error.status < 500
    if (!isClients) log.error({ err: error }, 'request failed by a bug')
    if (res.headersSent) next(error)
    else sendText(res, isClients ? { status: 400, body: 'badagent' } : brokenDown)
  }
}
