import type { RequestListener } from 'node:http'
import express, { type ErrorRequestHandler, type Request, type Response } from 'express'
import type { Logger } from 'pino'
import type { Challenges } from '../certificates/challenges.js'
import type { Publish } from '../events.js'
import type { History } from '../history/history.js'
import type { LiveDatabase } from '../hosts/live-database.js'
import type { AskNameServers } from '../net/name-servers.js'
import type { BaseUrl } from '../net/service-url.js'
import type { Registrar } from '../registrar/registrar.js'
import { addCertificateRoutes } from './certificates/routes.js'
import { checkIp, checkIpAsDyn } from './check-ip.js'
import { refuseSplitForwardedFor, trustProxies } from './client-address.js'
import { refuseCrossSite } from './cross-site.js'
import { noteResponse } from './due-responses.js'
import { readAnyBody, readForm } from './form.js'
import { createLockout, type LockoutLimit, type LockoutSharing } from './lockout.js'
import { type SharedMetrics, showMetrics } from './metrics.js'
import { type Explain, forPerson } from './navigation.js'
import { createExplain } from './pages/explain.js'
import { createSite } from './pages/frame.js'
import { createReadStatus } from './pages/host-status.js'
import { addPages } from './pages/pages.js'
import { requestIdOf } from './request-id.js'
import { requestLog } from './request-log.js'
import { sendText } from './respond.js'
import { badAgent, internalError } from './return-codes.js'
import { addReading, addUpdating } from './routes.js'
import { createTarpit } from './tarpit.js'
import { createRegisterHost, nicUpdate, registerIp, type UpdateOptions } from './update.js'
import { createWaitingRoom } from './waiting-room.js'

/** What the HTTP side works with. */
export interface AppOptions {
  readonly hosts: LiveDatabase
  /** A caller hears 911 after this, whatever the service waits for. */
  readonly waitMs: number
  readonly registrar: Pick<Registrar, 'register' | 'look'>
  /** Undefined where hosts may not prove their names to a CA: its paths are then not there. */
  readonly challenges: Challenges | undefined
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
  /** Whether it is called at a Unix socket, by a proxy: the peer then has no address, and is trusted. */
  readonly isAtSocket: boolean
  /** What happened lately, host by host. */
  readonly history: History
  /** Undefined where there shall be no pages for people. */
  readonly pages: SiteOptions | undefined
  /** Undefined where nobody may see the figures: their path is then not there. */
  readonly metrics: SharedMetrics | undefined
  readonly log: Logger
  /** Told of registrations, failed logins and lockouts. */
  readonly publish: Publish
}

/** The pages for people. */
export interface SiteOptions {
  /** What the site calls itself. */
  readonly title: string
  /** Where browsers and routers reach the service; undefined: where the request came to. */
  readonly baseUrl: BaseUrl | undefined
  readonly askNameServers: AskNameServers
}

/** A path that was probably meant for an update. */
const nearUpdate = /^\/+(nic|v3|register_ip)(\/|$)/i

const notFound = { status: 404, body: 'not found' }

/** The Express application with all routes, as a listener for requests. */
export function createApp(options: AppOptions): RequestListener {
  const { log, publish } = options
  const app = express()
  app.disable('x-powered-by')
  trustProxies(app, options.trustProxy)
  if (options.isAtSocket) {
    const trusts: (address: string, hop: number) => boolean = app.get('trust proxy fn')
    app.set('trust proxy', (address: string, hop: number) => hop === 0 || trusts(address, hop))
  }
  app.set('query parser', false)
  app.use(requestLog(log))

  addReading(app, '/check_ip', checkIp)
  addReading(app, '/checkip', checkIpAsDyn)

  const { history, pages, registrar, allowPrivate } = options
  const site = pages && createSite(pages)
  const explain = site && createExplain(site)
  const update: UpdateOptions = {
    hosts: options.hosts,
    waitingRoom: createWaitingRoom(),
    waitMs: options.waitMs,
    lockout: createLockout(options.lockoutLimit, { log, publish, sharing: options.lockoutSharing }),
    tarpit: createTarpit(options.refusalsPerSecond),
    registerHost: createRegisterHost(registrar, options.ttlSeconds, { log, publish }),
    allowPrivate,
    history,
    explain,
    log,
    publish,
  }
  const guards = options.isOnHeroku ? [refuseSplitForwardedFor] : []
  const updateGuards = [refuseCrossSite(explain), ...guards]
  addUpdating(app, '/register_ip', updateGuards, readForm, registerIp(update))
  for (const path of ['/nic/update', '/v3/update'])
    addUpdating(app, path, updateGuards, readAnyBody, nicUpdate(update))
  const { challenges, metrics } = options
  if (metrics) addReading(app, '/metrics', showMetrics(metrics, update))
  if (challenges) addCertificateRoutes(app, updateGuards, { ...update, challenges })
  if (pages && site && explain) {
    const { askNameServers } = pages
    const readStatus = createReadStatus({ registrar, askNameServers, history, allowPrivate })
    addPages(app, { site, explain, readStatus, update, guards, certificates: challenges !== undefined })
  }

  app.use((req, res) => {
    const answer = nearUpdate.test(req.path) ? badAgent(404) : notFound
    sendText(res, forPerson(req, explain)?.status(answer) ?? answer)
  })
  app.use(answerError(log, explain))
  return (req, res) => {
    noteResponse(res)
    req.url = originForm(req.url ?? '')
    app(req as Request, res as Response)
  }
}

/**
 * The path and query of a request's target, which may be a whole URL (RFC 9112, 3.2.2) and must have no fragment. Express
 * would parse a whole URL or a fragment with `url.parse`, which throws at some hosts and for others prints a warning that
 * quotes what the client sent (DEP0170). UniFi sends //nic/update, which is /nic/update; acme.sh, and a person who puts a
 * path behind a URL that ends with a slash, make two of it elsewhere as well.
 */
function originForm(target: string): string {
  const path = target.replace(/#.*$/s, '').replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '')
  if (!path.startsWith('/')) return `/${path}`
  return path
    .replace(/^\/{2,}(?=((nic|v3)\/update|register_ip|check_?ip)\/?(\?|$))/i, '/')
    .replace(/^\/+(acme\/+)?(?=(present|cleanup|update|register|health)\/?(\?|$))/i, (_, acme) =>
      acme === undefined ? '/' : '/acme/',
    )
}

/** An error with a status below 500 is Express refusing a request: the client's fault. Every other is a bug of ours. */
function answerError(log: Logger, explain: Explain | undefined): ErrorRequestHandler {
  return (error: { status?: number }, req, res, next) => {
    const isClientsFault = error.status !== undefined && error.status < 500
    if (!isClientsFault) log.error({ id: requestIdOf(req), err: error }, 'request failed by a bug')
    if (res.headersSent) return next(error)
    const answer = isClientsFault ? { ...badAgent(400), reason: 'the request cannot be read' } : internalError
    return sendText(res, forPerson(req, explain)?.status(answer) ?? answer)
  }
}
