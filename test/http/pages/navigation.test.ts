import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basic, exchange, hosts, startWorld, type World } from '../../support/world.js'
import { addresses, bareWords, callerV4, holdAlias, startPublicWorld } from '../nic.js'
import { mayNotWrite, navigation, open, textOf } from './person.js'

let world: World
beforeEach(async () => {
  world = await startPublicWorld()
})
afterEach(() => world.close())

const { home, cabin } = hosts
const restart = async (env: Record<string, string> = {}) => {
  await world.close()
  world = await startPublicWorld({ env })
}

/** What is asked for, by whom, and what a person is told; a machine gets its word with the same status. */
const cases: {
  what: string
  path: string
  login?: { user: string; token: string }
  told: string
  arrange?: (world: World) => void
}[] = [
  {
    what: 'a new address',
    path: '/register_ip',
    login: home,
    told: `Done home.example.com leads to ${callerV4} now.`,
  },
  { what: 'no login', path: '/register_ip', told: 'Not signed in To go on, sign in' },
  {
    what: 'a wrong token',
    path: '/nic/update',
    login: { ...home, token: 'x' },
    told: 'The host name or the token is not right.',
  },
  {
    what: 'an alias in the way',
    path: '/register_ip',
    login: home,
    arrange: (here) => holdAlias(here, 'home.example.com', 'A'),
    told: 'home.example.com cannot be registered: Route 53 holds at home.example.com A: an alias of',
  },
  {
    what: 'a key that may not write',
    path: '/register_ip',
    login: home,
    arrange: (here) => Object.assign(here.route53, { allow: mayNotWrite }),
    told: 'Route 53 did not take the address of home.example.com in time: it is still being tried.',
  },
  {
    what: 'another host',
    path: '/nic/update?hostname=cabin.example.com',
    login: home,
    told: 'cabin.example.com is no full host name, or not one that your token opens.',
  },
  {
    what: 'several hosts',
    path: '/nic/update?hostname=home.example.com,nonsense',
    login: home,
    told: 'Your hosts Done home.example.com',
  },
  {
    what: 'too many hosts',
    path: `/nic/update?hostname=${Array(21).fill('home.example.com')}`,
    login: home,
    told: 'does not understand',
  },
  { what: 'a path below', path: '/nic/nothing', login: home, told: 'There is no such page.' },
]

describe('a person is told in a sentence, with the same status', () => {
  it.each(cases)('$what', async ({ path, login, arrange, told }) => {
    arrange?.(world)
    const word = await world.register(login, callerV4, { path })
    const written = addresses(world)
    await restart()
    arrange?.(world)
    const page = await open(world, path, login)
    expect(word.body).toMatch(bareWords)
    expect(page.status).toBe(word.status)
    for (const name of ['www-authenticate', 'retry-after', 'cache-control', 'connection'])
      expect([name, page.headers.get(name)]).toEqual([name, word.headers.get(name)])
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(textOf(page)).toContain(told)
    // The same work was done for both.
    expect(addresses(world)).toEqual(written)
    expect(page.body).not.toContain(home.token)
  })

  it('says until when a lockout lasts, with Retry-After', async () => {
    await restart({ DYNDNS_LOGIN_FAILURES: '1' })
    await open(world, '/register_ip', { ...home, token: 'x' })
    const answer = await open(world, '/register_ip', home)
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([503, true])
    expect(textOf(answer)).toContain('Nobody can sign in from there until 20')
  })

  it('says that the hosts are not read yet', async () => {
    await world.close()
    world = await startWorld({
      s3Faults: [{ kind: 'stall', times: Number.POSITIVE_INFINITY }],
      waitUntilLoaded: false,
    })
    expect(textOf(await open(world, '/register_ip', home))).toContain('has not read its hosts yet')
  })
})

describe('a machine gets the very bytes that it got without pages', () => {
  const requests = [
    ['GET /register_ip', basic(home)],
    ['GET /register_ip', ''],
    ['GET /register_ip', basic({ ...home, token: 'x' })],
    ['POST /nic/update?hostname=home.example.com,cabin.example.com', basic(cabin)],
    ['GET /nic/update?myip=8.8.8.8', basic(home)],
    ['HEAD /register_ip', basic(home)],
    ['GET /nic/nothing', basic(home)],
    ['GET /nowhere', ''],
    ['GET /check_ip', ''],
    ['GET /checkip', ''],
  ]
  const other = [
    ['Accept: */*'],
    ['Sec-Fetch-Dest: empty'],
    ['Sec-Fetch-Dest: image'],
    ['Accept: text/html,*/*', 'User-Agent: Mozilla/5.0'],
  ]

  it.each(other)('with %s', async (...headers) => {
    const askAll = async () => {
      const answers: string[] = []
      for (const [line = '', authorization = ''] of requests) {
        const login = authorization ? [`Authorization: ${authorization}`] : []
        const own = [`${line} HTTP/1.1`, 'Host: x', `X-Forwarded-For: ${callerV4}`, ...login, ...headers]
        const bytes = `${[...own, 'Connection: close'].join('\r\n')}\r\n\r\n`
        const answer = await exchange(world.service.port, bytes)
        answers.push(answer.replace(/^(X-Request-Id|Date): .*\r\n/gm, ''))
      }
      return answers
    }
    const withPages = await askAll()
    await restart({ DYNDNS_PAGES: 'false' })
    expect(withPages).toEqual(await askAll())
  })
})

it('is no page for what another page embeds or fetches', async () => {
  const headers = { ...navigation, 'sec-fetch-dest': 'iframe' }
  const { body } = await world.register(home, callerV4, { headers })
  expect(body).toBe(`good ${callerV4}`)
})
