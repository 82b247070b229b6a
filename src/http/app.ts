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
import type { HostDatabase } from '../hosts/database.js'
import type { Registrar } from '../registrar/registrar.js'
import { checkIp, checkIpAsDyn } from './check-ip.js'
import { refuseCrossSite, refuseSplitForwardedFor } from './cross-site.js'
import { readForm } from './form.js'
import { noteLatest } from './last-response.js'
import { createLockout, type LockoutLimit } from './lockout.js'
import { nicUpdate } from './nic-update.js'
import { registerIp } from './register-ip.js'
import { createRegister } from './registration.js'
import { requestLog } from './request-log.js'
import { sendText } from './respond.js'
import { badAgent, brokenDown } from './return-codes.js'
import { createTarpit } from './tarpit.js'
import type { UpdateOptions } from './update.js'

/** What the HTTP side works with. */
export interface AppOptions {
  /** The host database, undefined before it is loaded. */
  readonly hosts: () => HostDatabase | undefined
  readonly registrar: Registrar
  readonly ttlSeconds: number
  /** As in ServerConfig. */
  readonly trustProxy: number | readonly string[]
  readonly allowPrivate: boolean
  readonly lockoutLimit: LockoutLimit
  /** Failed logins are answered no faster, in a second. */
  readonly refusalsPerSecond: number
  /** Whether Heroku's router is in front, which sends one X-Forwarded-For line. */
  readonly isOnHeroku: boolean
  readonly log: Logger
}

const notFound = { status: 404, body: 'not found' }

/** Nothing here is a page with scripts, frames or images. No HSTS: old modems speak plain HTTP to the same name. */
const headers: HelmetOptions = {
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
  app.use(helmet(headers))

  addReading(app, '/check_ip', checkIp)
  addReading(app, '/checkip', checkIpAsDyn)

  const tarpit = createTarpit(options.refusalsPerSecond)
  const updates: UpdateOptions = {
    ...options,
    tarpit,
    register: createRegister(options.registrar, options.ttlSeconds, log),
    lockout: createLockout(options.lockoutLimit, log),
  }
  const guards = options.isOnHeroku ? [refuseCrossSite, refuseSplitForwardedFor] : [refuseCrossSite]
  addUpdating(app, '/register_ip', guards, registerIp(updates))
  // UniFi sends //nic/update.
  addUpdating(app, /^\/+(nic|v3)\/update\/?$/i, guards, nicUpdate(updates))

  app.use(/^\/+(nic|v3|register_ip)/i, (_req, res) => sendText(res, badAgent(404)))
  app.use((_req, res) => sendText(res, notFound))
  app.use(answerError(log))
  return (req, res) => {
    noteLatest(res)
    req.url = originForm(req.url ?? '')
    app(req as Request, res as Response)
  }
}

/**
 * The path and query of a request's target, which may be a whole URL (RFC 9112, 3.2.2) and must have no fragment. Express
 * would take such a one apart by `url.parse`, which throws at some hosts and prints a warning of others (DEP0170), with all
 * that the client put there.
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

/** What a request made Express itself refuse is the client's fault; everything else is a bug of ours. */
function answerError(log: Logger): ErrorRequestHandler {
  return (error: { status?: number }, _req, res, next) => {
    const isClients = error.status !== undefined && error.status < 500
    if (!isClients) log.error({ id: res.getHeader('X-Request-Id'), err: error }, 'request failed by a bug')
    if (res.headersSent) next(error)
    else sendText(res, isClients ? badAgent(400) : brokenDown)
  }
}
