import basicAuth from 'basic-auth'
import type { Request } from 'express'
import type { Credentials } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'

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
