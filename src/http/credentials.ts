import basicAuth from 'basic-auth'
import type { Request } from 'express'
import { parseHostname } from '../hostname.js'
import type { Credentials } from '../hosts/database.js'

/** The credentials of HTTP Basic (RFC 7617); undefined without them, or where the user is no host name. */
export function readCredentials(req: Request): Credentials | undefined {
  const login = basicAuth(req)
  const hostname = login && parseHostname(login.name)
  return login && hostname ? { hostname, token: login.pass } : undefined
}
