import type { Request } from 'express'
import type { Logger } from 'pino'
import { authenticate, type Credentials, type HostDatabase } from '../hosts/database.js'
import { callerOf } from './client-address.js'
import type { Lockout } from './lockout.js'
import type { TextAnswer } from './respond.js'
import { badAuth, serverError911 } from './return-codes.js'
import { readBasicLogin, type SentLogin } from './sent-login.js'

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

/** Checks the credentials of a request, and counts and logs those that are wrong. */
export function logIn(req: Request, { hosts, lockout, log }: LoginOptions): Login | LoginRefusal {
  const { authorization } = req.headers
  if (authorization === undefined)
    return { refusal: 'no credentials', answer: { ...badAuth, reason: 'no login was sent' } }
  const { address } = callerOf(req)
  const secondsLeft = lockout.secondsLeft(address)
  if (secondsLeft > 0) {
    const answer = { ...serverError911, headers: { 'Retry-After': String(secondsLeft) } }
    return { refusal: 'locked out', answer }
  }
  const database = hosts()
  if (!database) return { refusal: 'not ready', answer: serverError911 }
  const sent = readBasicLogin(authorization)
  const credentials = 'problem' in sent ? undefined : rightSpelling(database, sent)
  if (credentials) return { credentials, database }
  lockout.failed(address)
  const host = 'problem' in sent ? undefined : maskUnknownHost(sent.spellings[0].hostname, database)
  const reason = whyFailed(sent)
  log.warn({ host, address: address?.text, reason }, 'login failed')
  return { refusal: 'failed', answer: { ...badAuth, reason } }
}

/** The spelling of a login that opens its host; both are always tried, so that a right one takes as long as a wrong one. */
function rightSpelling(database: HostDatabase, { spellings }: SentLogin): Credentials | undefined {
  const [right] = spellings.filter((credentials) => authenticate(database, credentials))
  return right
}

/** Depends on nothing that the database says: the length of a log line would tell which hosts there are. */
function whyFailed(sent: ReturnType<typeof readBasicLogin>): string {
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
