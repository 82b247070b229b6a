import type { Request } from 'express'
import type { Logger } from 'pino'
import { authenticate, type Host, type HostDatabase } from '../hosts/database.js'
import { clientAddress } from './client-address.js'
import { readCredentials } from './credentials.js'

/** Who a request comes from, as far as it may be known. */
export type Login =
  | { readonly kind: 'host'; readonly host: Host }
  /** No credentials, or wrong ones. */
  | { readonly kind: 'refused' }
  /** The host database is not loaded yet. */
  | { readonly kind: 'unavailable' }

/** Reads the credentials of a request and looks them up; `database` is undefined before it is loaded. */
export function logIn(req: Request, database: HostDatabase | undefined, log: Logger): Login {
  const credentials = readCredentials(req)
  if (!credentials) return { kind: 'refused' }
  if (!database) return { kind: 'unavailable' }
  const host = authenticate(database, credentials)
  if (host) return { kind: 'host', host }
  // A name that is not in the database may be a token that was typed into the wrong field.
  const known = database.digests.has(credentials.hostname) ? { host: credentials.hostname } : {}
  log.warn({ ...known, address: clientAddress(req)?.text }, 'login failed')
  return { kind: 'refused' }
}
