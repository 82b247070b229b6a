import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import type { Registrar } from '../dns/registrar.js'
import type { HostDatabase } from '../hosts/database.js'
import { checkIp } from './check-ip.js'
import { registerIp } from './register-ip.js'
import { createRegister } from './registration.js'
import { requestLog } from './request-log.js'
import { sendText } from './text.js'

/** What the HTTP side works with. */
export interface AppOptions {
  /** The host database, undefined before it is loaded. */
  readonly hosts: () => HostDatabase | undefined
  readonly registrar: Registrar
  readonly ttlSeconds: number
  /** As in ServerConfig. */
  readonly trustProxy: number | readonly string[]
  readonly log: Logger
}

/** The Express application with all routes. */
export function createApp({ hosts, registrar, ttlSeconds, trustProxy, log }: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustProxy)
  app.set('query parser', false)
  app.use(requestLog(log))

  const register = createRegister(registrar, ttlSeconds, log)
  const registration = registerIp(hosts, register, log)
  app.route('/check_ip').get(checkIp).all(notAllowed('GET, HEAD'))
  // Express would answer HEAD by the GET handler, and a HEAD must not write.
  const updateMethods = notAllowed('GET, POST')
  app.route('/register_ip').head(updateMethods).get(registration).post(registration).all(updateMethods)

  app.use((_req, res) => sendText(res, { status: 404, body: 'not found' }))
  app.use(answerBug(log))
  return app
}

function notAllowed(methods: string): RequestHandler {
  return (_req, res) =>
    sendText(res, { status: 405, body: 'method not allowed', headers: { Allow: methods } })
}

function answerBug(log: Logger): ErrorRequestHandler {
  return (error, _req, res, next) => {
    log.error({ err: error }, 'request failed by a bug')
    if (res.headersSent) next(error)
    else sendText(res, { status: 500, body: '911' })
  }
}
