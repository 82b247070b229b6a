import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Registrar } from '../../src/registrar/registrar.js'
import { type Answer, hosts, request, startWorld, type World } from '../support/world.js'
import { answersIn, converse, eventually } from './wire.js'

/** While set, the registrar has a bug: it throws this. */
let bug: Error | undefined
vi.mock('../../src/registrar/registrar.js', async (load) => {
  const { createRegistrar } = await load<typeof import('../../src/registrar/registrar.js')>()
  return {
    createRegistrar(...options: Parameters<typeof createRegistrar>): Registrar {
      const registrar = createRegistrar(...options)
      return {
        ...registrar,
        register: (desired) => (bug ? Promise.reject(bug) : registrar.register(desired)),
      }
    },
  }
})

let world: World
beforeEach(async () => {
  world = await startWorld({ env: { DYNO: 'web.1', DYNDNS_TRUST_PROXY: '', DYNDNS_LOGIN_FAILURES: '2' } })
})
afterEach(async () => {
  bug = undefined
  await world.close()
})

type Ask = () => Promise<Answer>
const ask =
  (path: string, init: RequestInit = {}, login: typeof hosts.home | undefined = hosts.home): Ask =>
  () =>
    world.register(login, '203.0.113.7', { path, ...init })
const guess: Ask = () => world.register({ ...hosts.home, token: 'x' }, '198.51.100.66')

/** One of each kind of answer that the routes give. */
const kinds: [string, number, Ask][] = [
  ['an address', 200, ask('/check_ip')],
  ['Dyn’s page', 200, ask('/checkip')],
  ['good', 200, ask('/register_ip')],
  ['nochg', 200, ask('/nic/update')],
  ['a request for credentials', 401, () => world.register(undefined)],
  ['wrong credentials', 401, guess],
  ['a lockout', 503, () => guess().then(guess).then(guess)],
  ['no address', 500, () => world.register(hosts.home, 'junk')],
  ['no address to show', 500, () => request(`${world.url}/check_ip`, undefined, 'junk')],
  ['numhost', 400, ask(`/nic/update?hostname=${'h.example.com,'.repeat(21)}`)],
  [
    'a form too large',
    400,
    ask('/nic/update', { method: 'POST', body: new URLSearchParams({ x: 'y'.repeat(5000) }) }),
  ],
  ['another site', 403, ask('/register_ip', { headers: { 'sec-fetch-site': 'cross-site' } })],
  ['another method', 405, ask('/register_ip', { method: 'DELETE' })],
  ['HEAD', 405, ask('/nic/update', { method: 'HEAD' })],
  ['another method to read', 405, ask('/check_ip', { method: 'PUT' })],
  ['OPTIONS', 405, ask('/check_ip', { method: 'OPTIONS' })],
  ['another path', 404, ask('/')],
  ['another path of ours', 404, ask('/nic/other')],
  ['a path that cannot be decoded', 404, ask('/%ff')],
  [
    'a bug of ours',
    500,
    () => {
      bug = new Error('canary')
      return ask('/register_ip')()
    },
  ],
]

function expectFenced(headers: { get(name: string): string | null | undefined }): void {
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';\s*frame-ancestors 'none'$/)
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/)
}

describe.each(kinds)('%s (%d)', (_, status, answer) => {
  it('is fenced by headers, and names neither the software nor its version', async () => {
    const { headers, status: given, body } = await answer()
    expect(given).toBe(status)
    expectFenced(headers)
    for (const header of [
      'x-powered-by',
      'server',
      'via',
      'etag',
      'set-cookie',
      'strict-transport-security',
    ]) {
      expect(headers.has(header)).toBe(false)
    }
    const text = (JSON.stringify([...headers]) + body).replace(/\d+\.\d+\.\d+\.\d+/g, 'an address')
    expect(text).not.toMatch(/express|node|helmet|pino|\d+\.\d+\.\d+/i)
    expect(body).not.toMatch(/canary|Error|<pre>| at /)
    expect(headers.get('content-type')).toMatch(/^text\/(plain|html); charset=utf-8$/)
  })
})

// A lockout has one line in the log, and none for each request.
describe.each(kinds.filter(([name]) => name !== 'a lockout'))('%s (%d)', (_, status, answer) => {
  it('carries the id of the request, which its line in the log carries too', async () => {
    const { headers } = await answer()
    const id = headers.get('x-request-id')
    const lines = () => world.log.filter((line) => line['id'] === id && line['msg'] === 'request')
    await eventually(() => lines().length > 0)
    expect(lines()).toMatchObject([{ status }])
  })
})

it('a bug of ours is told in a word, and in full to the log only', async () => {
  bug = new Error('canary')
  for (const path of ['/nic/update', '/register_ip']) {
    expect(await ask(path)()).toMatchObject({ status: 500, body: '911' })
  }
  expect(world.printed()).toContain('canary')
})

describe('the request id', () => {
  const idOf = async (given?: string) =>
    (
      await request(
        `${world.url}/check_ip`,
        undefined,
        undefined,
        given ? { headers: { 'x-request-id': given } } : {},
      )
    ).headers.get('x-request-id')

  it('is another one for each request, or Heroku’s', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => idOf()))
    expect(new Set(ids).size).toBe(20)
    expect(await idOf('9a3c2f10-8d7e-4b1a-9c55-000000000001')).toBe('9a3c2f10-8d7e-4b1a-9c55-000000000001')
  })

  it.each([
    'short',
    'a'.repeat(201),
    '"},{"level":60,"msg":"forged"',
    '<script>alert(1)</script>',
    '../'.repeat(10),
  ])('is not whatever a client likes: %s', async (given) => {
    expect(await idOf(given)).not.toBe(given)
    expect(world.printed()).not.toContain(given)
  })

  it('stands in the line that says what the bug was', async () => {
    bug = new Error('canary')
    const { headers } = await world.register(hosts.home)
    expect(world.log.find(({ msg }) => msg === 'request failed by a bug')).toMatchObject({
      id: headers.get('x-request-id'),
      err: { message: 'canary' },
    })
  })
})

describe('what Node refuses before any route', () => {
  it.each([
    ['no HTTP', [400], 'BAD\r\n\r\n'],
    ['a head too large', [431], `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['two lengths', [400], 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    [
      'an expectation',
      [404, 417],
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: wonders\r\n\r\n',
    ],
    ['a URL of brackets', [400, 404], 'GET http://[ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ])('is fenced by headers, and has an id that the log has too: %s', async (_, statuses, bytes) => {
    const [answer] = answersIn(await converse(world.service.port, bytes))
    expect(statuses).toContain(answer?.status)
    expectFenced(answer?.headers ?? new Map())
    expect(world.printed()).toContain(`"${answer?.headers.get('x-request-id')}"`)
  })
})
