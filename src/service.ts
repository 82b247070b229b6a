import { createServer, type Server, type ServerOptions } from 'node:http'
import type { Logger } from 'pino'
import { createRoute53Client, createS3Client } from './aws.js'
import { type Challenges, createChallenges } from './certificates/challenges.js'
import { createChallengeLedger } from './certificates/ledger.js'
import type { ServerConfig } from './config/config.js'
import type { Publish, ServiceEvent } from './events.js'
import { createMemoryHistory } from './history/memory-history.js'
import { createLiveDatabase, type LiveDatabase } from './hosts/live-database.js'
import { createDatabaseStore } from './hosts/store.js'
import { type AppOptions, createApp } from './http/app.js'
import { holdBackRequests } from './http/back-pressure.js'
import { answerClientError } from './http/client-error.js'
import { listen } from './listen.js'
import type { NewRelicAgent } from './metrics/new-relic-outlet.js'
import { openOutlets } from './metrics/outlets.js'
import { monotonicClock } from './net/clock.js'
import { createNameServers } from './net/name-servers.js'
import { createNotices, type Notices, type NoticeTiming, noticeTiming } from './notices/notices.js'
import { createRegistrar, type Registrar, type RegistrarOptions } from './registrar/registrar.js'
import { maxValues } from './registrar/value-edits.js'
import { createRoute53 } from './route53/api.js'
import { observeRoute53 } from './route53/observed.js'
import { createSharing, type Sharing } from './sharing/sharing.js'

/** The running web service. */
export interface Service {
  /** The port it listens on; 0 at a Unix socket. */
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
  /** A client hears 911 after this, whatever it waits for; Heroku's router would give up after 30 s. */
  readonly waitMs: number
  readonly closeMs: number
  /** At most this many failed logins are answered per second. */
  readonly refusalsPerSecond: number
  /** A challenge that nobody cleaned up for this long is taken away. */
  readonly challengeAgeMs: number
  /** The challenges are looked through this often. */
  readonly challengeSweepMs: number
  readonly notices: NoticeTiming
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
  challengeAgeMs: 24 * 3_600_000,
  challengeSweepMs: 10 * 60_000,
  notices: noticeTiming,
}

/**
 * When the service ends it takes away the challenges that are older than this, which no CA reads any more: after it nobody
 * knows that they were its own.
 */
const staleChallengeMs = 3_600_000

/** The challenges that the service remembers as its own: at each name as many as fit. */
const ledgerLimits = { valuesPerName: maxValues, names: 50_000 }

/**
 * Starts listening, and then loads the database: `/check_ip` answers from the start, and updates wait for it. `listeners` are
 * told what happens, and `newRelic`, the agent, where it runs. Throws when it cannot listen.
 */
export async function startService(
  config: ServerConfig,
  log: Logger,
  timing: Partial<Timing> = {},
  listeners: readonly Publish[] = [],
  newRelic?: NewRelicAgent,
): Promise<Service> {
  const { route53TimeoutMs, refusalsPerSecond, challengeAgeMs, challengeSweepMs, waitMs, closeMs, notices } =
    {
      ...defaultTiming,
      ...timing,
    }
  const told = [...listeners]
  const publish = publishTo(told, log)
  const route53 = createRoute53(createRoute53Client(config.database.aws), route53TimeoutMs)
  const registrarOptions: RegistrarOptions = {
    route53: observeRoute53(route53, publish),
    log,
    publish,
    clock: monotonicClock,
    random: Math.random,
    zoneIds: config.zoneIds,
    requestQuota: config.requestQuota,
    changeQuota: config.changeQuota,
    recheckMs: config.recheckSeconds * 1000,
    recheckMaxMs: config.recheckMaxSeconds * 1000,
    giveUpMs: config.giveUpSeconds * 1000,
    maxPending: 20_000,
    waitMs,
    closeMs,
  }
  const sharing =
    config.postgres &&
    createSharing(registrarOptions, config.postgres, {
      historyDays: config.historyDays,
      lockoutSeconds: config.lockoutLimit.seconds,
    })
  const registrar = sharing?.registrar ?? createRegistrar(registrarOptions)
  const challenges = openChallenges(registrar, log, challengeAgeMs, challengeSweepMs)
  const store = createDatabaseStore(createS3Client(config.database.aws), config.database)
  const closing = new AbortController()
  const liveDatabase = createLiveDatabase(store, {
    log,
    publish,
    closing: closing.signal,
    looksForLogins: config.refreshSeconds > 0,
  })
  const databaseAgeSeconds = () => {
    const confirmedAtMs = liveDatabase.confirmedAtMs()
    return confirmedAtMs === undefined ? undefined : (performance.now() - confirmedAtMs) / 1000
  }
  const outlets = openOutlets(
    { recordsWaiting: registrar.waiting, databaseAgeSeconds },
    { token: config.metricsToken, newRelic, withAddresses: config.newRelicAddresses, log },
  )
  told.push(...(outlets?.listeners ?? []))
  const owner = openNotices(config, sharing, liveDatabase.current, log, notices)
  if (owner) told.push(owner.hear)
  const isAtSocket = config.listen !== undefined && 'socket' in config.listen
  const server = createHttpServer({
    hosts: liveDatabase,
    waitMs,
    registrar,
    challenges: config.certificates ? challenges : undefined,
    ttlSeconds: config.ttlSeconds,
    trustProxy: config.trustProxy,
    allowPrivate: config.allowPrivate,
    lockoutLimit: config.lockoutLimit,
    lockoutSharing: sharing?.lockouts,
    refusalsPerSecond,
    isOnHeroku: config.isOnHeroku,
    isAtSocket,
    history: sharing?.history ?? createMemoryHistory(),
    pages: config.pages && { ...config.pages, askNameServers: createNameServers(config.pages.dnsServer) },
    metrics: outlets?.shared,
    log,
    publish,
  })
  const port = await listen(server, config)
  log.info(isAtSocket ? config.listen : { ...config.listen, port }, 'listening')

  const loaded = liveDatabase.load()
  const refresh = async () => {
    if (liveDatabase.current()) await liveDatabase.refresh()
  }
  const timer = config.refreshSeconds > 0 ? setInterval(refresh, config.refreshSeconds * 1000) : undefined
  const close = async () => {
    closing.abort()
    clearInterval(timer)
    const closed = closeServer(server)
    challenges.close()
    await registrar.close()
    const allTold = owner?.close()
    const cut = setTimeout(() => server.closeAllConnections(), 2000)
    await closed
    clearTimeout(cut)
    await allTold
    await sharing?.close()
    await outlets?.close()
  }
  let closed: Promise<void> | undefined
  return {
    port,
    loaded,
    refresh,
    close: () => (closed ??= close()),
  }
}

/** Notices to the owner; undefined where none are wanted. */
function openNotices(
  { notices: { targets, silentHours }, refreshSeconds }: ServerConfig,
  sharing: Sharing | undefined,
  hosts: LiveDatabase['current'],
  log: Logger,
  timing: NoticeTiming,
): Notices | undefined {
  if (targets.length === 0) return undefined
  return createNotices({
    targets,
    silentMs: silentHours && silentHours * 3_600_000,
    refreshMs: refreshSeconds * 1000,
    hosts,
    shared: sharing?.silences,
    isWriter: sharing?.registrar.isWriter ?? (() => true),
    clock: monotonicClock,
    now: () => new Date(),
    random: Math.random,
    log,
    timing,
  })
}

/** Tells every listener; a bug of one is logged, and is nothing to those who publish. */
function publishTo(listeners: readonly Publish[], log: Logger): Publish {
  return (event: ServiceEvent) => {
    for (const listen of listeners) {
      try {
        listen(event)
      } catch (error) {
        log.error({ err: error, event: event.kind }, 'a bug of this service')
      }
    }
  }
}

/** Challenges that are looked through every `sweepMs` for those older than `ageMs`, until they are closed. */
function openChallenges(
  registrar: Pick<Registrar, 'register'>,
  log: Logger,
  ageMs: number,
  sweepMs: number,
): Challenges & { close(): void } {
  const challenges = createChallenges(registrar, createChallengeLedger(ledgerLimits, monotonicClock), log)
  const sweep = setInterval(() => challenges.removeOlderThan(ageMs), sweepMs)
  return {
    ...challenges,
    close() {
      clearInterval(sweep)
      // Asked for while the registrar still takes records; it writes them with all else that waits.
      void challenges.removeOlderThan(Math.min(staleChallengeMs, ageMs))
    },
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
  server.on('connection', holdBackRequests)
  server.on('clientError', answerClientError(options.log))
  return server
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
