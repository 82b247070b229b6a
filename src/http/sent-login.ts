import { isUtf8 } from 'node:buffer'
import type { Request } from 'express'
import type { Credentials } from '../hosts/database.js'
import { parseHostname } from '../net/hostname.js'

/** A login as it was sent. */
export interface SentLogin {
  /**
   * What it may say: its bytes as UTF-8, and as Latin-1, in which some routers and old browsers send what is not ASCII.
   * Always both, in this order, be they alike: the work that they make must not depend on the token.
   */
  readonly spellings: readonly [Credentials, Credentials]
  readonly isUtf8: boolean
}

/** A login, or why what was sent is none. */
export type ReadLogin = SentLogin | { readonly problem: string }

/** The scheme is in any case, and the rest is RFC 7235's token68. */
const basic = /^ *basic +([\w.~+/-]+=*) *$/i

/** The login of HTTP Basic that a request brings; undefined where it brings none, as clients first ask. */
export function sentBasicLogin({ headers: { authorization } }: Request): ReadLogin | undefined {
  return authorization === undefined ? undefined : readBasicLogin(authorization)
}

/** Reads the value of an Authorization header as HTTP Basic (RFC 7617), or says why it cannot. */
export function readBasicLogin(header: string): ReadLogin {
  const [, encoded] = basic.exec(header) ?? []
  if (encoded === undefined)
    return { problem: 'the login is not HTTP Basic: it must be Basic and the Base64 of HOST:TOKEN' }
  const bytes = Buffer.from(encoded, 'base64')
  const colon = bytes.indexOf(':')
  if (colon < 0) return { problem: 'the login has no colon: it must be the Base64 of HOST:TOKEN' }
  return readLogin(bytes.subarray(0, colon), bytes.subarray(colon + 1))
}

/**
 * Reads the bytes of a login. A line break at the end of the password is left out: no token has one, and `echo` without
 * `-n` puts it there.
 */
export function readLogin(user: Buffer, password: Buffer): ReadLogin {
  // The line ends of JavaScript.
  const isBroken = (text: string) => /[\r\n\u2028\u2029]/.test(text)
  const tokens = (['utf8', 'latin1'] as const).map((encoding) =>
    password.toString(encoding).replace(/\r?\n$/, ''),
  )
  const [utf8 = '', latin1 = ''] = tokens
  if (isBroken(utf8))
    return { problem: 'the login has a line break in it (echo without -n makes one at its end)' }
  const hostname = parseHostname(user.toString(isUtf8(user) ? 'utf8' : 'latin1'))
  if (!hostname) return { problem: 'the user name is no full host name' }
  return {
    spellings: [
      { hostname, token: utf8 },
      { hostname, token: latin1 },
    ],
    isUtf8: isUtf8(user) && isUtf8(password),
  }
}
