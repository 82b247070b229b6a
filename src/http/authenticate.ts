import type { Request } from 'express'
import type { Logger } from 'pino'
import type { Publish } from '../events.js'
import { type Call, type History, shortUserAgent } from '../history/history.js'
import { authenticate, type Credentials, type HostDatabase } from '../hosts/database.js'
import type { LiveDatabase } from '../hosts/live-database.js'
import type { Address } from '../net/ip-address.js'
import { callerOf } from './client-address.js'
import type { Lockout } from './lockout.js'
import { requestIdOf } from './request-id.js'
import type { TextAnswer } from './respond.js'
import { badAuth, serverError911 } from './return-codes.js'
import type { ReadLogin, SentLogin } from './sent-login.js'
import type { WaitingRoom } from './waiting-room.js'

/** Credentials that were found right, and the database that says so. */
export interface Login {
  readonly credentials: Credentials
  readonly database: HostDatabase
  /** How long it had to wait for that database, in milliseconds. */
  readonly waitedMs: number
}

/** What it takes to log a request in. */
export interface LoginOptions {
  readonly hosts: LiveDatabase
  readonly waitingRoom: WaitingRoom
  /** A caller hears 911 after this, whatever the service waits for. */
  readonly waitMs: number
  readonly lockout: Lockout
  readonly history: History
  readonly log: Logger
  readonly publish: Publish
}

/** Why a request is not logged in, and how it is answered. */
export interface LoginRefusal {
  /**
   * `no credentials`: it has no header for them; `not ready`: no database was loaded in time; `failed`: its credentials
   * are wrong; `locked out`: too many logins from its caller failed.
   */
  readonly refusal: 'no credentials' | 'not ready' | 'failed' | 'locked out'
  readonly answer: TextAnswer
  /** How long a caller that is locked out stays so; 0 for every other. */
  readonly secondsLeft: number
}

/**
 * Checks the login of a request, once there is a database to compare with. One that is wrong is judged by the newest
 * version before it is refused, whether its host is known or not, and is counted, noted and logged; undefined: none was
 * sent.
 */
export async function logIn(
  req: Request,
  options: LoginOptions,
  sent: ReadLogin | undefined,
): Promise<Login | LoginRefusal> {
  const { hosts, lockout, history, log, publish } = options
  const startedMs = performance.now()
  if (!sent) {
    return { refusal: 'no credentials', answer: { ...badAuth, reason: 'no login was sent' }, secondsLeft: 0 }
  }
  const hostname = 'problem' in sent ? undefined : sent.spellings[0].hostname
  const { address } = callerOf(req)
  const database = hosts.current() ?? (await waitFor(() => hosts.firstLoad(options.waitMs), address, options))
  if (!database) return { refusal: 'not ready', answer: serverError911, secondsLeft: 0 }
  // What follows must not be interrupted: of many that are judged at once, no more than the lockout's limit may fail.
  const login = loginBy(database, sent, startedMs)
  const changedAtMs = hostname === undefined ? undefined : hosts.changedAtMs(hostname)
  const secondsLeft = lockout.secondsLeft(address)
  if (secondsLeft > 0 && !lockout.pardons(address, login !== undefined, changedAtMs)) {
    const answer = { ...serverError911, headers: { 'Retry-After': String(secondsLeft) } }
    return { refusal: 'locked out', answer, secondsLeft }
  }
  if (login) return login
  // Counted before it is waited for anything: the others of its packet are judged meanwhile.
  const wasRight = lockout.failed(address)
  const newest = hostname === undefined ? undefined : await waitFor(hosts.newest, address, options)
  const newLogin = newest && newest !== database && loginBy(newest, sent, startedMs)
  wasRight(Boolean(newLogin))
  if (newLogin) return newLogin
  publish({ kind: 'login-failed' })
  const judge = newest ?? database
  if (hostname !== undefined) {
    // For a host that is not there the same work is done, under a name that nobody has.
    history.noteCall(judge.has(hostname) ? hostname : '', {
      ...callOf(req),
      outcome: 'wrong-token',
      wanted: '',
    })
  }
  const host = hostname === undefined ? undefined : maskUnknownHost(hostname, judge)
  const hint = host === undefined ? undefined : judge.oddityOf(host)
  const reason = whyFailed(sent)
  log.warn({ id: requestIdOf(req), host, address: address?.text, reason, hint }, 'login failed')
  return { refusal: 'failed', answer: { ...badAuth, reason }, secondsLeft: 0 }
}

/**
 * The same login with the newest database, to judge another host that it names by: one that the login's own database does
 * not open to it may have been added since. Looked for no more often than for logins that fail; with the login's own where
 * too many wait already.
 */
export async function withNewestDatabase(req: Request, login: Login, options: LoginOptions): Promise<Login> {
  const startedMs = performance.now()
  const newest = await waitFor(options.hosts.newest, callerOf(req).address, options)
  const waitedMs = login.waitedMs + performance.now() - startedMs
  return { ...login, database: newest ?? login.database, waitedMs }
}

/** What the history keeps of a request, whatever comes of it. */
export function callOf(req: Request): Omit<Call, 'outcome' | 'wanted' | 'reason'> {
  const from = callerOf(req).address?.text
  return { from, userAgent: shortUserAgent(req.headers['user-agent']), path: req.path }
}

function loginBy(database: HostDatabase, sent: ReadLogin, startedMs: number): Login | undefined {
  const credentials = 'problem' in sent ? undefined : rightSpelling(database, sent)
  return credentials && { credentials, database, waitedMs: performance.now() - startedMs }
}

/** The spelling of a login that opens its host; both are always tried, so that a right one takes as long as a wrong one. */
function rightSpelling(database: HostDatabase, { spellings }: SentLogin): Credentials | undefined {
  const [right] = spellings.filter((credentials) => authenticate(database, credentials))
  return right
}

/** The database that `awaited` brings, as soon as it does; undefined where it brings none, or too many wait already. */
async function waitFor(
  awaited: () => Promise<HostDatabase | undefined>,
  address: Address | undefined,
  { waitingRoom }: LoginOptions,
): Promise<HostDatabase | undefined> {
  const leave = waitingRoom.enter(address)
  if (!leave) return undefined
  try {
    return await awaited()
  } finally {
    leave()
  }
}

/** Depends on nothing that the database says: the length of a log line would tell which hosts there are. */
function whyFailed(sent: ReadLogin): string {
  if ('problem' in sent) return sent.problem
  const reason = 'the host is not in the database, or its token is another'
  return sent.isUtf8 ? reason : `${reason}; the login is not UTF-8`
}

/** A host name has at most 253 characters. */
const mask = '?'.repeat(253)

/**
 * A host name as it may be logged: one that is not in the database may be a token that was typed into the wrong field,
 * and becomes question marks. There are as many as it has characters: a shorter line is written sooner, and the time of
 * the answer would tell which hosts there are.
 */
export function maskUnknownHost(hostname: string, database: HostDatabase): string {
  return database.has(hostname) ? hostname : maskText(hostname)
}

/** What a client sent for a host name and is none, as it may be logged: question marks, at most 253. */
export function maskText(text: string): string {
  return mask.slice(0, text.length)
}
