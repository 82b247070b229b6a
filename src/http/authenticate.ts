import basicAuth from 'basic-auth'
import type { Request } from 'express'
import type { Logger } from 'pino'
import { type Call, type History, shortUserAgent } from '../history/history.js'
import { authenticate, type Credentials, type HostDatabase } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'
import { callerOf } from './client-address.js'
import type { Lockout } from './lockout.js'
import type { TextAnswer } from './respond.js'
import { badAuth, serverError911 } from './return-codes.js'

/** Credentials that were found right, and the database that says so. */
export interface Login {
  readonly credentials: Credentials
  readonly database: HostDatabase
}

/** What it takes to log a request in. */
export interface LoginOptions {
  /** The host database, undefined before it is loaded. */
  readonly hosts: () => HostDatabase | undefined
  readonly lockout: Lockout
  readonly history: History
  readonly log: Logger
}

/** Why a request is not logged in, and how it is answered. */
export interface LoginRefusal {
  /**
   * `no credentials`: it has no Authorization header; `not ready`: no database is loaded yet; `failed`: its credentials
   * are wrong; `locked out`: too many logins from its caller failed.
   */
  readonly refusal: 'no credentials' | 'not ready' | 'failed' | 'locked out'
  readonly answer: TextAnswer
}

/** Checks the credentials of a request, and counts, notes and logs those that are wrong. */
export function logIn(req: Request, { hosts, lockout, history, log }: LoginOptions): Login | LoginRefusal {
  const credentials = readCredentials(req)
  if (credentials === 'none') return { refusal: 'no credentials', answer: badAuth }
  const { address } = callerOf(req)
  const secondsLeft = lockout.secondsLeft(address)
  if (secondsLeft > 0) {
    const answer = { ...serverError911, headers: { 'Retry-After': String(secondsLeft) } }
    return { refusal: 'locked out', answer }
  }
  const database = hosts()
  if (!database) return { refusal: 'not ready', answer: serverError911 }
  if (credentials !== 'malformed' && authenticate(database, credentials)) return { credentials, database }
  lockout.failed(address)
  const host = credentials === 'malformed' ? undefined : maskUnknownHost(credentials.hostname, database)
  if (credentials !== 'malformed') {
    // For a host that is not there the same work is done, under a name that nobody has.
    const noted = database.has(credentials.hostname) ? credentials.hostname : ''
    history.noteCall(noted, { ...callOf(req), outcome: 'wrong-token', wanted: '' })
  }
  log.warn({ host, address: address?.text }, 'login failed')
  return { refusal: 'failed', answer: badAuth }
}

/** What the history keeps of a request, whatever comes of it. */
export function callOf(req: Request): Omit<Call, 'outcome' | 'wanted' | 'reason'> {
  const from = callerOf(req).address?.text
  return { from, userAgent: shortUserAgent(req.headers['user-agent']), path: req.path }
}

/**
 * The credentials of HTTP Basic (RFC 7617); `none` without an Authorization header, as clients first ask, and
 * `malformed` where it is another scheme, or the user is no host name.
 */
export function readCredentials(req: Request): Credentials | 'none' | 'malformed' {
  if (req.headers.authorization === undefined) return 'none'
  const login = basicAuth(req)
  const hostname = login && parseHostname(login.name)
  return login && hostname ? { hostname, token: login.pass } : 'malformed'
}

/** A host name has at most 253 characters. */
const mask = '?'.repeat(253)

/**
 * A host name as it may be logged: one that is not in the database may be a token that was typed into the wrong field,
 * and becomes question marks. There are as many as it has characters: a shorter line is written sooner, and the time of
 * the answer would tell which hosts there are.
 */
export function maskUnknownHost(hostname: string, database: HostDatabase): string {
  return database.has(hostname) ? hostname : mask.slice(0, hostname.length)
}
