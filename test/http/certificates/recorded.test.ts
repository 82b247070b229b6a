import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answersIn } from '../../hostile/wire.js'
import { basic, exchange, hosts, startWorld, type World } from '../../support/world.js'
import { challengeValue, home, homeChallenge, textsAt } from './asking.js'

interface Reply {
  readonly status: number
  readonly body: string
}

/** What a client was read or seen to send, and when it believes that its value is there. */
interface Recorded {
  readonly client: string
  readonly path: string
  /** Beside Host, the login and Content-Length. */
  readonly headers: readonly string[]
  readonly body: (value: string) => string
  readonly believes: (reply: Reply, value: string) => boolean
}

const value = challengeValue(7)
const fqdn = `${homeChallenge}.`
const json = ['Content-Type: application/json', 'Accept: application/json']
const go = ['User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip']
const compact = (text: string) => JSON.stringify({ fqdn, value: text })
const quotes = ({ body }: Reply, text: string) => body.includes(`"${text}"`)
const acmeSh = ['User-Agent: acme.sh/3.1.2 (https://github.com/acmesh-official/acme.sh)']
const update = (text: string) => JSON.stringify({ subdomain: home, txt: text })

const httpreq: readonly Recorded[] = [
  {
    client: 'lego httpreq, Traefik',
    path: '/present',
    headers: [...go, ...json],
    // Go's encoder ends its text with a line feed.
    body: (text) => `${compact(text)}\n`,
    believes: ({ status }) => status >= 200 && status <= 299,
  },
  {
    client: 'lego httpreq, older, with a path in the endpoint',
    path: '/acme/present',
    headers: [...go, ...json],
    body: (text) => `${compact(text)}\n`,
    believes: ({ status }) => status < 400,
  },
  {
    client: 'acme.sh dns_acmeproxy, whose endpoint ends with a slash',
    path: '//present',
    headers: [...acmeSh, ...json],
    body: (text) => `{"fqdn": "${fqdn}", "value": "${text}"}`,
    believes: quotes,
  },
  {
    client: 'Caddy, libdns/acmeproxy',
    path: '/present',
    headers: [...go, ...json],
    body: compact,
    believes({ status, body }, text) {
      if (status !== 200) return false
      const said = JSON.parse(body)
      return said.fqdn === fqdn && said.value === text
    },
  },
]
const acmeDns: readonly Recorded[] = [
  {
    client: 'cert-manager, goacmedns',
    path: '/update',
    headers: ['Content-Type: application/json', 'Accept-Encoding: gzip'],
    body: update,
    believes: ({ status }) => status === 200,
  },
  {
    client: 'Posh-ACME, win-acme',
    path: '/update',
    headers: ['Content-Type: application/json; charset=utf-8'],
    body: update,
    believes: ({ status }) => status >= 200 && status <= 299,
  },
  {
    client: 'acme.sh dns_acmedns',
    path: '/update',
    headers: [...acmeSh, 'Content-Type: application/x-www-form-urlencoded'],
    body: (text) => `{"subdomain":"${home}", "txt": "${text}"}`,
    believes: quotes,
  },
]
const basicLogin = (token: string) => [`Authorization: ${basic({ user: home, token })}`]
const apiLogin = (token: string) => [`X-Api-User: ${home}`, `X-Api-Key: ${token}`]
const all = [
  ...httpreq.map((recorded) => ({ ...recorded, loginBy: basicLogin })),
  ...acmeDns.map((recorded) => ({ ...recorded, loginBy: apiLogin })),
]

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

describe.each(all)('$client', ({ path, headers, body, believes, loginBy }) => {
  async function say(text = value, token: string = hosts.home.token, at = path): Promise<Reply> {
    const sent = body(text)
    const lines = [
      `POST ${at} HTTP/1.1`,
      'Host: dyn.example.net',
      'X-Forwarded-For: 203.0.113.7',
      'Connection: close',
      ...loginBy(token),
      ...headers,
      `Content-Length: ${Buffer.byteLength(sent)}`,
    ]
    const answer = await exchange(world.service.port, `${lines.join('\r\n')}\r\n\r\n${sent}`)
    expect(answer).not.toMatch(/^(Transfer-Encoding|Content-Encoding|Location):/im)
    const [reply, ...more] = answersIn(answer)
    if (!reply || more.length > 0) throw new Error(`one answer: ${answer}`)
    return reply
  }

  it('believes that its value is there, once it is', async () => {
    expect(believes(await say(), value)).toBe(true)
    expect(textsAt(world)).toEqual([value])
    // Again, as after an answer that was lost.
    expect(believes(await say(), value)).toBe(true)
    expect(textsAt(world)).toEqual([value])
  })

  it('believes that it is gone, once it is', async () => {
    if (!path.endsWith('/present')) return
    await say()
    expect(believes(await say(value, undefined, path.replace('present', 'cleanup')), value)).toBe(true)
    expect(textsAt(world)).toEqual([])
  })

  it('believes no failure', async () => {
    const wrong = await say(value, 'mistyped')
    const short = await say(value.slice(1))
    world.zone.put({ name: homeChallenge, type: 'CNAME', ttl: 60, values: ['acme.example.net.'] })
    const led = await say()
    expect([wrong, short, led].map(({ status }) => status)).toEqual([401, 400, 500])
    expect(believes(wrong, value) || believes(short, value.slice(1)) || believes(led, value)).toBe(false)
    const elsewhere = await say(value, undefined, '/nowhere')
    expect(believes(elsewhere, value)).toBe(false)
    await world.service.close()
  })
})
