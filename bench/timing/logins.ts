import { randomBytes } from 'node:crypto'
import type { Login } from '../../test/support/request.js'
import type { Kind } from './samples.js'

const hosts = 1000

/** The database of the hosts that are known. */
export const csv = Array.from(
  { length: hosts },
  (_, index) => `${hostname('known', index)},${randomToken()}\n`,
).join('')

/** A wrong login of this kind: names of one length, tokens of one length, each string made anew, as a request's are. */
export function wrongLogin(kind: Kind): Login {
  const user = hostname(kind.startsWith('wrong token') ? 'known' : 'guess', Math.floor(Math.random() * hosts))
  return { user, token: randomToken() }
}

function hostname(set: 'known' | 'guess', index: number): string {
  return Buffer.from(`${set}-${String(index).padStart(4, '0')}.example.com`).toString('latin1')
}

function randomToken(): string {
  return randomBytes(18).toString('base64url')
}
