import type { Request } from 'express'
import type { Logger } from 'pino'
import { authenticate, type Credentials, type HostDatabase } from '../hosts/database.js'
import { caller } from './client-address.js'
import { readCredentials } from './credentials.js'
import type { Lockout } from './lockout.js'
import type { TextAnswer } from './respond.js'
import { badAuth, tryLater } from './return-codes.js'

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
  /** It asks for the prompt; there is no database yet; its credentials are wrong; too many were, from where it comes. */
  readonly refusal: 'no credentials' | 'not ready' | 'failed' | 'locked out'
  readonly answer: TextAnswer
}

/** Checks the credentials of a request. */
export function logIn(req: Request, { hosts, lockout, log }: LoginOptions): Login | LoginRefusal {
  const credentials = readCredentials(req)
  if (credentials === 'none') return { refusal: 'no credentials', answer: badAuth }
  const { address } = caller(req)
  const secondsLeft = lockout.secondsLeft(address)
  if (secondsLeft > 0) {
    const answer = { ...tryLater, headers: { 'Retry-After': String(secondsLeft) } }
    return { refusal: 'locked out', answer }
  }
  const database = hosts()
  if (!database) return { refusal: 'not ready', answer: tryLater }
  if (credentials !== 'malformed' && authenticate(database, credentials)) return { credentials, database }
  lockout.failed(address)
  const host = credentials === 'malformed' ? undefined : loggable(credentials.hostname, database)
  const hint = host === undefined ? undefined : database.oddityOf(host)
  log.warn({ host, address: address?.text, hint }, 'login failed')
  return { refusal: 'failed', answer: badAuth }
}

/** As long as a host name can be. */
const mask = '?'.repeat(253)

/**
 * A name that is not in the database may be a token that was typed into the wrong field. It is masked, and no shorter:
 * the line takes as long to write, so that the time of the answer does not tell which names there are.
 */
export function loggable(hostname: string, database: HostDatabase): string {
  return database.has(hostname) ? hostname : mask.slice(0, hostname.length)
}
