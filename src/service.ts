import { createServer, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { createRoute53Client, createS3Client } from './aws.js'
import type { ServerConfig } from './config.js'
import { createMemoryHistory } from './history/memory-history.js'
import { createLiveDatabase } from './hosts/live-database.js'
import { createDatabaseStore } from './hosts/store.js'
import { type AppOptions, createApp } from './http/app.js'
import { answerClientError } from './http/client-error.js'
import { monotonicClock } from './net/clock.js'
import { createRegistrar, type RegistrarOptions } from './registrar/registrar.js'
import { createRoute53 } from './route53/api.js'
import { createSharing } from './sharing/sharing.js'

/** The running web service. */
export interface Service {
  /** The port it listens on. */
  readonly port: number
  /** Resolves once the host database is loaded; rejects with a StoreError when it never can be. */
  readonly loaded: Promise<void>
  /** Looks for a new version of the host database now. */
  refresh(): Promise<void>
  /** Stops accepting, finishes what is under way, writes what waits; resolves within 22 s. */
  close(): Promise<void>
}

/** What a test or a benchmark may set otherwise; times in milliseconds. */
export interface Timing {
  /** A call to Route 53 is given up after this; whether it was applied is then unknown. */
  readonly route53TimeoutMs: number
  /** A client hears 911 after this; Heroku's router would give up after 30 s. */
  readonly waitMs: number
  readonly closeMs: number
  /** At most this many failed logins are answered per second. */
  readonly refusalsPerSecond: number
}

const httpOptions: ServerOptions = {
  // Heroku's router keeps connections open for 90 s: closing one sooner loses requests.
  keepAliveTimeout: 95_000,
  // Those who dawdle: for the head of a request, and for all of it.
  headersTimeout: 15_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 5000,
  // Some old clients leave Host out, whatever version they speak.
  requireHostHeader: false,
}

/** A connection without a byte either way for this long is cut, such as that of a client that does not read its answers. */
const silenceMs = 120_000

/** Below the 10,000 files that a dyno may open; more connections are closed as they come. */
const maxConnections = 8000

const defaultTiming: Timing = {
  route53TimeoutMs: 8000,
  waitMs: 20_000,
  closeMs: 20_000,
  refusalsPerSecond: 200,
}

/** Starts listening, and then loads the database: `/check_ip` answers from the start. Throws when it cannot listen. */
export async function startService(
  config: ServerConfig,
  log: Logger,
  timing: Partial<Timing> = {},
): Promise<Service> {
  const { route53TimeoutMs, refusalsPerSecond, ...registrarTiming } = { ...defaultTiming, ...timing }
  const registrarOptions: RegistrarOptions = {
    route53: createRoute53(createRoute53Client(config.database.aws), route53TimeoutMs),
    log,
    clock: monotonicClock,
    random: Math.random,
    zoneIds: config.zoneIds,
    requestQuota: config.requestQuota,
    changeQuota: config.changeQuota,
    recheckMs: config.recheckSeconds * 1000,
    recheckMaxMs: config.recheckMaxSeconds * 1000,
    giveUpMs: config.giveUpSeconds * 1000,
    maxPending: 20_000,
    ...registrarTiming,
  }
  const sharing =
    config.postgres &&
    createSharing(registrarOptions, config.postgres, {
      historyDays: config.historyDays,
      lockoutSeconds: config.lockoutLimit.seconds,
    })
  const registrar = sharing?.registrar ?? createRegistrar(registrarOptions)
  const store = createDatabaseStore(createS3Client(config.database.aws), config.database)
  const liveDatabase = createLiveDatabase(store, log)
  const server = createHttpServer({
    hosts: liveDatabase.current,
    registrar,
    ttlSeconds: config.ttlSeconds,
    trustProxy: config.trustProxy,
    allowPrivate: config.allowPrivate,
    lockoutLimit: config.lockoutLimit,
    lockoutSharing: sharing?.lockouts,
    refusalsPerSecond,
    isOnHeroku: config.isOnHeroku,
    history: sharing?.history ?? createMemoryHistory(),
    log,
  })
  const port = await listen(server, config.port)
  log.info({ port }, 'listening')

  const closing = new AbortController()
  const loaded = liveDatabase.load(closing.signal)
  const refresh = async () => {
    if (liveDatabase.current()) await liveDatabase.refresh()
  }
  const timer = config.refreshSeconds > 0 ? setInterval(refresh, config.refreshSeconds * 1000) : undefined
  const close = async () => {
    closing.abort()
    clearInterval(timer)
    const closed = closeServer(server)
    await registrar.close()
    const cut = setTimeout(() => server.closeAllConnections(), 2000)
    await closed
    clearTimeout(cut)
    await sharing?.close()
  }
  let closed: Promise<void> | undefined
  return {
    port,
    loaded,
    refresh,
    close: () => (closed ??= close()),
  }
}

function createHttpServer(options: AppOptions): Server {
  const app = createApp(options)
  const server = createServer(httpOptions, app)
  server.maxConnections = maxConnections
  server.timeout = silenceMs
  // All header lines are seen, however many: their size alone is bounded.
  server.maxHeadersCount = 0
  // Node itself would answer what it does not expect, without a length.
  server.on('checkExpectation', app)
  server.on('clientError', answerClientError(options.log))
  return server
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`PORT: ${port} is in use: set another one`) : error)
    })
    // A town that calls in the same second is let in at once, and not by the kernel's retries.
    server.listen({ port, backlog: 4096 }, () => resolve((server.address() as AddressInfo).port))
  })
}

/** Resolves when the last answer is sent; connections that fall idle meanwhile are closed, not kept alive. */
function closeServer(server: Server): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(sweep)
      resolve()
    })
  })
}
