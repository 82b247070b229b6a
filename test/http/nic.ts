import { expect } from 'vitest'
import {
  type Answer,
  hosts,
  type Login,
  request,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/world.js'

/** Addresses that the whole internet can reach, so that the service publishes them by default. */
export const publicV4 = '8.8.8.8'
export const publicV6 = '2606:4700::1111'
export const callerV4 = '9.9.9.9'
export const callerV6 = '2620:fe::fe'

/** A world as it runs for the public: addresses that the internet cannot reach are not published. */
export function startPublicWorld(options: WorldOptions = {}): Promise<World> {
  return startWorld({ ...options, env: { DYNDNS_ALLOW_PRIVATE: '', ...options.env } })
}

/** How an update differs from a GET /nic/update by home.example.com that comes from `callerV4`. */
export type UpdateInit = Omit<RequestInit, 'headers'> & {
  login?: Login | undefined
  from?: string
  path?: string
  headers?: Record<string, string>
}

/** Sends an update with this query, and checks what every answer on this path must be, whatever it says. */
export async function send(world: World, query: string, init: UpdateInit = {}): Promise<Answer> {
  const { from = callerV4, path = '/nic/update', ...rest } = init
  const login = 'login' in init ? init.login : hosts.home
  const answer = await request(`${world.url}${path}${query && `?${query}`}`, login, from, rest)
  expectBare(answer, rest.method)
  return answer
}

/** What came of an update: `<status> <body>`. */
export async function update(world: World, query: string, init: UpdateInit = {}): Promise<string> {
  const { status, body } = await send(world, query, init)
  return `${status} ${body}`
}

const address = '(\\d+\\.\\d+\\.\\d+\\.\\d+|[0-9a-f:]+)'
const word = `(good|nochg)( ${address}(,[0-9a-f:]+)?)?|nohost|notfqdn|dnserr|badauth|numhost|badagent|911`

/** Words of dyndns2, a line each, and nothing else. */
export const bareWords = new RegExp(`^(${word})(\\n(${word}))*$`)

/** Bare words of known length in plain text, asking for credentials exactly with a 401, leading nowhere else. */
export function expectBare({ status, body, headers }: Answer, method = 'GET'): void {
  if (method !== 'HEAD') {
    expect(body).toMatch(bareWords)
    expect(headers.get('content-length')).toBe(String(Buffer.byteLength(body)))
  }
  expect(headers.get('content-length')).toMatch(/^[1-9]\d*$/)
  expect(headers.has('transfer-encoding')).toBe(false)
  expect(headers.has('content-encoding')).toBe(false)
  expect(headers.has('location')).toBe(false)
  expect(Math.floor(status / 100)).not.toBe(3)
  expect(headers.get('content-type')).toMatch(/^text\/plain\b/)
  expect(headers.get('www-authenticate')).toBe(
    status === 401 ? 'Basic realm="dyndns53", charset="UTF-8"' : null,
  )
}

/** Every address record of the zone in Route 53's order, such as `home.example.com A 8.8.8.8`. */
export function addresses({ zone }: World): string[] {
  return zone
    .records()
    .filter(({ type }) => type === 'A' || type === 'AAAA')
    .map(({ name, type, values }) => `${name.slice(0, -1)} ${type} ${values.join(',')}`)
}

/** Puts a simple address record into the zone, as if it had always been there; the type follows from the address. */
export function hold(world: World, name: string, value: string, ttl = 60): void {
  world.zone.put({ name, type: value.includes(':') ? 'AAAA' : 'A', ttl, values: [value] })
}

/** An alias, which is never ours to overwrite. */
export function holdAlias(world: World, name: string, type: 'A' | 'AAAA'): void {
  const aliasTarget = { hostedZoneId: 'Z2', dnsName: 'lb.example.net.', evaluateTargetHealth: false }
  world.zone.put({ name, type, aliasTarget })
}
