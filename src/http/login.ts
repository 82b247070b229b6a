import type { Request } from 'express'
import type { Logger } from 'pino'
import { authenticate, type Credentials, type HostDatabase } from '../hosts/database.js'
import { caller } from './client-address.js'
import { readCredentials } from './credentials.js'
import type { Lockout } from './lockout.js'
import type { TextAnswer } from './text.js'
import { badAuth, tryLater } from './words.js'

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

/** Checks the credentials of a request; without right ones, how it is answered. */
export function logIn(
  req: Request,
  { hosts, lockout, log }: LoginOptions,
): Login | { readonly answer: TextAnswer } {
  const credentials = readCredentials(req)
  if (credentials === 'none') return { answer: badAuth }
  const { address } = caller(req)
  const secondsLeft = lockout.secondsLeft(address)
  if (secondsLeft > 0) return { answer: { ...tryLater, headers: { 'Retry-After': String(secondsLeft) } } }
  const database = hosts()
  if (!database) return { answer: tryLater }
  if (credentials !== 'malformed' && authenticate(database, credentials)) return { credentials, database }
  lockout.failed(address)
  const host = credentials === 'malformed' ? undefined : loggable(credentials.hostname, database)
  log.warn({ host, address: address?.text }, 'login failed')
  return { answer: badAuth }
}

/** As long as a host name can be. */
const mask = '?'.repeat(253)

/**
 * A name that is not in the database may be a token that was typed into the wrong field. It is masked, and no shorter:
 * the line takes as long to write, so that the time of the answer does not tell which names there are.
 */
function loggable(hostname: string, database: HostDatabase): string {
  return database.has(hostname) ? hostname : mask.slice(0, hostname.length)
}
