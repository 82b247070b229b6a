import type { Request } from 'express'
import type { Logger } from 'pino'
import { authenticate, type Credentials, type HostDatabase } from '../hosts/database.js'
import { caller } from './client-address.js'
import { readCredentials } from './credentials.js'
import type { TextAnswer } from './text.js'
import { badAuth, tryLater } from './words.js'

/** Credentials that were found right, and the database that says so. */
export interface Login {
  readonly credentials: Credentials
  readonly database: HostDatabase
}

/** Checks the credentials of a request; without right ones, how it is answered. `database` is undefined before it is loaded. */
export function logIn(
  req: Request,
  database: HostDatabase | undefined,
  log: Logger,
): Login | { readonly answer: TextAnswer } {
  const credentials = readCredentials(req)
  if (!credentials) return { answer: badAuth }
  if (!database) return { answer: tryLater }
  if (authenticate(database, credentials)) return { credentials, database }
  // A name that is not in the database may be a token that was typed into the wrong field.
  const known = database.has(credentials.hostname) ? { host: credentials.hostname } : {}
  log.warn({ ...known, address: caller(req).address?.text }, 'login failed')
  return { answer: badAuth }
}
