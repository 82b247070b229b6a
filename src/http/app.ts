import type { RequestListener } from 'node:http'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import helmet, { type HelmetOptions } from 'helmet'
import type { Logger } from 'pino'
import type { History } from '../history/history.js'
import type { HostDatabase } from '../hosts/database.js'
import type { Registrar } from '../registrar/registrar.js'
import { checkIp, checkIpAsDyn } from './check-ip.js'
import { refuseSplitForwardedFor } from './client-address.js'
import { refuseCrossSite } from './cross-site.js'
import { readForm } from './form.js'
import { rememberResponse } from './last-response.js'
import { createLockout, type LockoutLimit, type LockoutSharing } from './lockout.js'
import { requestLog } from './request-log.js'
import { sendText } from './respond.js'
import { badAgent, internalError } from './return-codes.js'
import { createTarpit } from './tarpit.js'
import { createRegisterHost, nicUpdate, registerIp, type UpdateOptions } from './update.js'

/** What the HTTP side works with. */
export interface AppOptions {
  /** The host database, undefined before it is loaded. */
  readonly hosts: () => HostDatabase | undefined
  readonly registrar: Pick<Registrar, 'register'>
  readonly ttlSeconds: number
  /** How many proxies in front are trusted, or which networks they are in. */
  readonly trustProxy: number | readonly string[]
  /** Whether addresses may be published that the internet cannot reach. */
  readonly allowPrivate: boolean
  readonly lockoutLimit: LockoutLimit
  /** Undefined where this process counts failed logins alone. */
  readonly lockoutSharing: LockoutSharing | undefined
  /** At most this many failed logins are answered per second. */
  readonly refusalsPerSecond: number
  /** Whether Heroku's router is in front, which sends one X-Forwarded-For line. */
  readonly isOnHeroku: boolean
  /** What happened lately, host by host. */
  readonly history: History
  readonly log: Logger
}

const notFound = { status: 404, body: 'not found' }

/** Nothing here is a page with scripts, frames or images. No HSTS: old modems speak plain HTTP to the same name. */
const helmetOptions: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: false,
}

/** The Express application with all routes, as a listener for requests. */
export function createApp(options: AppOptions): RequestListener {
  const { log } = options
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', options.trustProxy)
  app.set('query parser', false)
  app.use(requestLog(log))
  app.use(helmet(helmetOptions))

  addReading(app, '/check_ip', checkIp)
  addReading(app, '/checkip', checkIpAsDyn)

  const update: UpdateOptions = {
    hosts: options.hosts,
    lockout: createLockout(options.lockoutLimit, log, undefined, options.lockoutSharing),
    tarpit: createTarpit(options.refusalsPerSecond),
    registerHost: createRegisterHost(options.registrar, options.ttlSeconds, log),
    allowPrivate: options.allowPrivate,
    history: options.history,
    log,
  }
  const guards = options.isOnHeroku ? [refuseCrossSite, refuseSplitForwardedFor] : [refuseCrossSite]
  addUpdating(app, '/register_ip', guards, registerIp(update))
  // UniFi sends //nic/update.
  addUpdating(app, /^\/+(nic|v3)\/update\/?$/i, guards, nicUpdate(update))

  app.use(/^\/+(nic|v3|register_ip)/i, (_req, res) => sendText(res, badAgent(404)))
  app.use((_req, res) => sendText(res, notFound))
  app.use(answerError(log))
  return (req, res) => {
    rememberResponse(res)
    req.url = originForm(req.url ?? '')
    app(req as Request, res as Response)
  }
}

/**
 * The path and query of a request's target, which may be a whole URL (RFC 9112, 3.2.2) and must have no fragment. Express
 * would parse a whole URL or a fragment with `url.parse`, which throws at some hosts and for others prints a warning that
 * quotes what the client sent (DEP0170).
 */
function originForm(target: string): string {
  const path = target.replace(/#.*$/s, '').replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '')
  return path.startsWith('/') ? path : `/${path}`
}

function addReading(app: Express, path: string, handler: RequestHandler): void {
  const answer = { status: 405, body: 'method not allowed', headers: { Allow: 'GET, HEAD' } }
  app
    .route(path)
    .get(handler)
    .all((_req, res) => sendText(res, answer))
}

function addUpdating(
  app: Express,
  path: string | RegExp,
  guards: RequestHandler[],
  handler: RequestHandler,
): void {
  const refuse: RequestHandler = (_req, res) => sendText(res, badAgent(405, 'GET, POST'))
  app
    .route(path)
    // Express would answer HEAD by the GET handler, and a HEAD must not write.
    .head(refuse)
    .get(guards, handler)
    .post(guards, readForm, handler)
    .all(refuse)
}

/** An error with a status below 500 is Express refusing a request: the client's fault. Every other is a bug of ours. */
function answerError(log: Logger): ErrorRequestHandler {
  return (error: { status?: number }, _req, res, next) => {
    const isClientsFault = error.status !== undefined && error.status < 500
    if (!isClientsFault)
      log.error({ id: res.getHeader('X-Request-Id'), err: error }, 'request failed by a bug')
    if (res.headersSent) next(error)
    else sendText(res, isClientsFault ? badAgent(400) : internalError)
  }
}
