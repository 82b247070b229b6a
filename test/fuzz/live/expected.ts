import { isIP } from 'node:net'
import { parseHostname } from '../../../src/net/hostname.js'
import { type Address, isPublic, parseAddress } from '../../../src/net/ip-address.js'
import type { Login } from '../../support/world.js'
import type { Place, Use } from './documented.js'
import { type Front, logins } from './house.js'
import type { WireConnection, WireRequest } from './wire.js'

const methods = /^(GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|TRACE)$/

/** The one request of a connection that is sent as it stands and is good HTTP: it must get its own answer. */
export function cleanRequest({ requests, edits }: WireConnection): WireRequest | undefined {
  const [request, ...more] = requests
  if (!request || more.length > 0 || edits.length > 0) return undefined
  const { method, target, version, headers, framing } = request
  const framings = version === '1.1' ? ['none', 'length', 'chunked'] : ['none', 'length']
  const isGood =
    methods.test(method) &&
    // A fragment is no part of a target, and Express takes a backslash before it for a slash.
    /^\/[!-~]*$/.test(target) &&
    !/[#\\]/.test(target) &&
    /^1\.[01]$/.test(version) &&
    framings.includes(framing) &&
    headers.every(isGoodHeader)
  return isGood ? request : undefined
}

function isGoodHeader([name, value]: readonly [string, string]): boolean {
  if (name === 'Connection') return value === 'close'
  if (name === 'Expect') return value === '100-continue'
  return /^[\t -~\x80-\xff]*$/.test(value) && name !== 'Trailer' && name !== 'Upgrade'
}

/** What the target of a clean request is. */
export function placeOf({ target }: WireRequest): Place {
  const path = (target.split('?')[0] ?? '').toLowerCase()
  if (/^\/+check_ip\/?$/.test(path)) return 'check'
  if (/^\/+checkip\/?$/.test(path)) return 'check as dyn'
  if (/^\/+(register_ip|(nic|v3)\/update)\/?$/.test(path)) return 'update'
  const [, , name = ''] = /^\/+(acme\/+)?([a-z]+)\/?$/.exec(path) ?? []
  const certificates: Readonly<Record<string, Place>> = {
    present: 'httpreq',
    cleanup: 'httpreq',
    update: 'acme-dns',
    register: 'register',
    health: 'health',
  }
  if (Object.hasOwn(certificates, name)) return certificates[name] ?? 'nothing'
  return /^\/+(nic|v3|register_ip)(\/|$)/.test(path) ? 'near update' : 'nothing'
}

/** What its method does there. */
export function useOf({ method }: WireRequest, place: Place): Use {
  if (method === 'HEAD') return 'head'
  if (place === 'near update' || place === 'nothing') return 'use'
  if (place === 'httpreq' || place === 'acme-dns' || place === 'register')
    return method === 'POST' ? 'use' : 'misuse'
  return method === 'GET' || (method === 'POST' && place === 'update') ? 'use' : 'misuse'
}

/** The values of a header, line by line. */
export function linesOf({ headers }: WireRequest, name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

/** The address of record: the last entry that Heroku's router saw, or the connection's own. */
export function callerOf(request: WireRequest, front: Front): Address | undefined {
  const entries = linesOf(request, 'x-forwarded-for')
    .map((line) => line.replace(/^[ \t]+|[ \t]+$/g, ''))
    .join(', ')
    .split(',')
    .map((entry) => entry.replace(/^ +| +$/g, ''))
    .filter(Boolean)
  const seen = front === 'heroku' ? (entries.at(-1) ?? '127.0.0.1') : '127.0.0.1'
  const bare = seen.replace(/^([\d.]+):\d{1,5}$|^\[([^\][]*:[^\][]*)\](:\d{1,5})?$/, '$1$2')
  return isIP(bare) ? parseAddress(bare) : undefined
}

/** Whether that address may be published. */
export function isPublishable(address: Address | undefined, front: Front): boolean {
  return address !== undefined && (front === 'nothing' || isPublic(address))
}

/** The hosts whose challenge stands at a name. */
export function hostsOfChallenge(name: string): string[] {
  const [, host = ''] = /^_acme-challenge\.(.+)$/.exec(name) ?? []
  return [host, `*.${host}`]
}

/** The login of the database that these bytes (latin1) hold, in every place that may be one, of HTTP Basic or of acme-dns. */
export function loginsIn(sent: string): Login[] {
  const after = (header: string) =>
    [...sent.matchAll(new RegExp(`\\b${header} *: *([^\\r\\n]*)`, 'gi'))].map(([, value = '']) =>
      value.trim(),
    )
  const [users, keys] = [after('x-api-user').map(parseHostname), after('x-api-key')]
  const ofAcmeDns = logins.filter(
    ({ user, token }) => users.includes(user) && keys.includes(Buffer.from(token).toString('latin1')),
  )
  return [...ofAcmeDns, ...basicLoginsIn(sent)]
}

function basicLoginsIn(sent: string): Login[] {
  return [...sent.matchAll(/\bbasic +([\w.~+/=-]+)/gi)].flatMap(([, text = '']) => {
    return (['utf8', 'latin1'] as const).flatMap((encoding) => {
      const decoded = Buffer.from(text, 'base64').toString(encoding)
      const colon = decoded.indexOf(':')
      const name = parseHostname(decoded.slice(0, colon))
      const password = decoded.slice(colon + 1).replace(/\r?\n$/, '')
      return logins.filter(({ user, token }) => user === name && token === password)
    })
  })
}

/** The hosts that a login opens: its own, and those with the same token. */
export function openedBy(login: Login): string[] {
  return logins.filter(({ token }) => token === login.token).map(({ user }) => user)
}
