import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, hosts, type World } from '../../support/world.js'
import { callerV4, callerV6, hold, holdAlias, startPublicWorld } from '../nic.js'
import { browser, get, mayNotWrite, open, textOf } from './person.js'

let world: World
beforeEach(async () => {
  world = await startPublicWorld()
})
afterEach(() => world.close())

const { home, cabin } = hosts
const restart = async (env: Record<string, string>) => {
  await world.close()
  world = await startPublicWorld({ env })
}

/** What every page must be, whoever asks for it. */
function expectPage(answer: Answer, status = 200): void {
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(answer.body)))
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(policy.split(';')).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
    ]),
  )
  expect(policy).not.toMatch(/unsafe|\*|http/)
  expect(answer.body).not.toMatch(/\s(style|on\w+)=|<style|<script(?! src=)/)
}

describe('the first page', () => {
  it.each([
    [callerV4, 'IPv4 address. It looks public'],
    [callerV6, 'IPv6 address. It looks public'],
    ['100.64.0.9', 'Your provider shares it'],
    ['192.168.1.9', 'only your own network can reach it'],
    ['fd00::9', 'only your own network can reach it'],
    ['203.0.113.7', 'for special use'],
    ['nonsense', 'Your address, as it arrives here not known'],
  ])('tells %s: %s', async (from, told) => {
    const answer = await get(world, '/', undefined, from)
    expectPage(answer)
    expect(textOf(answer)).toContain(told)
  })

  it('tells a stranger of no host, and nobody what was called', async () => {
    await world.register(home, callerV4)
    const { body } = await get(world, '/')
    for (const name of ['home.example.com', 'cabin.example.com', 'example.com'])
      expect(body).not.toContain(name)
    expect((await get(world, '/', home)).body).toBe(body)
  })

  it('bears the title that the owner has given it, and it is text', async () => {
    await restart({ DYNDNS_TITLE: 'Tom & <Jerry>' })
    expect((await get(world, '/')).body).toContain('<title>Tom &amp; &lt;Jerry&gt;</title>')
  })
})

describe('the page of a host', () => {
  it.each(['/host', '/host.json', '/host/setup', '/host/setup/curl'])(
    'is for whoever has its token: %s',
    async (path) => {
      const answer = await get(world, path)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="dyndns53", charset="UTF-8"')
      const wrong = await get(world, path, { ...home, token: 'wrong' })
      const unknown = await get(world, path, { user: 'elsewhere.example.com', token: 'wrong' })
      expect(wrong.status).toBe(401)
      expect(wrong.body).toBe(unknown.body)
      expect(wrong.headers.get('connection')).toBe('close')
      expect(wrong.body).not.toContain('home.example.com')
    },
  )

  it('counts guesses, and is locked like all else', async () => {
    await restart({ DYNDNS_LOGIN_FAILURES: '2' })
    for (const path of ['/host', '/host.json']) await get(world, path, { ...home, token: 'wrong' })
    for (const path of ['/host', '/host.json', '/host/setup', '/register_ip']) {
      const answer = await get(world, path, home)
      expect([path, answer.status]).toEqual([path, 503])
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect((await get(world, '/host', home, '9.9.9.10')).status).toBe(200)
  })

  it('tells who called, from where, and what came of it, and never a token or a query', async () => {
    const headers = { 'user-agent': 'fritz/7.5' }
    await world.register(home, callerV4, { path: '/nic/update?myip=8.8.8.8&secret=1', headers })
    await world.register({ ...home, token: 'guessed-token' }, '9.9.9.66')
    await world.register(home, callerV4)
    await world.register(home, callerV4)
    const answer = await get(world, '/host', home)
    expectPage(answer)
    const text = textOf(answer)
    expect(text).toContain(`Registered 8.8.8.8 from ${callerV4} by fritz/7.5, /nic/update`)
    expect(text).toContain('The token was wrong from 9.9.9.66')
    expect(text).toContain(`Registered ${callerV4} from ${callerV4}`)
    expect(answer.body).not.toMatch(new RegExp(`${home.token}|guessed-token|secret`))
    expect(textOf(await get(world, '/host', cabin))).toContain(
      'Last calls None yet. Changes of address None yet.',
    )
  })

  it('says what stands in the way', async () => {
    holdAlias(world, 'home.example.com', 'A')
    const text = textOf(await get(world, '/host', home))
    expect(text).toContain('Trouble home. example. com Route 53 holds at home.example.com A: an alias of')
    expect(text).toContain('which is not ours to overwrite')
  })

  it('says that a call was told to come again, and that it is done since', async () => {
    await restart({ DYNDNS_RECHECK_SECONDS: '0' })
    Object.assign(world.route53, { allow: mayNotWrite })
    expect((await world.register(home, callerV4)).body).toBe('911')
    expect(textOf(await get(world, '/host', home))).toContain('Route 53 has not taken your address yet')
    hold(world, 'home.example.com', callerV4)
    const text = textOf(await get(world, '/host', home))
    expect(text).toContain('Follows you')
    expect(text).toContain(`Route 53 did not take ${callerV4} in time; it is done since`)
  })

  it('leaves half of the calls to Route 53 to registrations, and never waits for one', async () => {
    await restart({ DYNDNS_RECHECK_SECONDS: '0', DYNDNS_REQUESTS_PER_SECOND: '1' })
    const calls = () => world.route53.model.log.calls.length
    const texts: string[] = []
    for (let times = 0; times < 8; times++) texts.push(textOf(await get(world, '/host', home)))
    expect(texts.join()).toContain(
      'Route 53 holds not known: the calls to Route 53 are needed for registrations just now',
    )
    expect(calls()).toBeLessThan(8)
  })
})

describe('the page of a host as JSON', () => {
  it('says the same', async () => {
    await world.register(home, callerV4, { headers: { 'user-agent': 'curl/8' } })
    await world.register(home, callerV6)
    const answer = await get(world, '/host.json', home)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    const server = expect.stringMatching(/^127\.0\.0\.1:/)
    expect(JSON.parse(answer.body)).toEqual({
      host: 'home.example.com',
      state: 'follows',
      sentence: 'home.example.com leads to the address that you have now.',
      advice: '',
      address: callerV4,
      route53: { A: [callerV4], AAAA: [callerV6] },
      nameServers: [{ server, A: [callerV4], AAAA: [callerV6] }],
      since: time,
      calls: [
        expect.objectContaining({ from: callerV6, outcome: 'good', wanted: callerV6, times: 1 }),
        {
          first: time,
          last: time,
          times: 1,
          from: callerV4,
          userAgent: 'curl/8',
          path: '/register_ip',
          outcome: 'good',
          wanted: callerV4,
          text: `registered ${callerV4}`,
        },
      ],
      changes: [
        { at: time, type: 'AAAA', address: callerV6 },
        { at: time, type: 'A', address: callerV4 },
      ],
    })
  })

  it.each([
    ['no credentials', undefined, 401],
    ['failed', { ...home, token: 'wrong' }, 401],
  ])('says why not: %s', async (error, login, status) => {
    const answer = await get(world, '/host.json', login)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toEqual({ error })
  })
})

describe('the set-up pages', () => {
  it('have the token of whoever signed in, and say nothing to a dashboard of it', async () => {
    const answer = await get(world, '/host/setup/fritzbox', home)
    expectPage(answer)
    expect(answer.body).toContain(`\n${home.token}</textarea>`)
    expect((await get(world, '/host/setup/fritzbox', cabin)).body).not.toContain(home.token)
  })

  it('take the address of the service from the owner, before that of the request', async () => {
    await restart({ DYNDNS_URL: 'https://dyn.example.net' })
    expect((await get(world, '/host/setup/pfsense', home)).body).toContain(
      'https://dyn.example.net/nic/update?',
    )
    expect((await get(world, '/host/setup', home)).body).toContain(
      'The update URL is <code>https://dyn.example.net/nic/update</code>',
    )
  })

  it('also show how to get a certificate, unless hosts may have none', async () => {
    const path = '/host/setup/certificates/caddy'
    expect((await get(world, '/host/setup', home)).body).toContain(`href="${path}"`)
    expect((await get(world, path, home)).body).toContain(home.token)
    expect(textOf(await get(world, path, home))).toContain('use https here')
    await restart({ DYNDNS_CERTIFICATES: 'false' })
    expect((await get(world, '/host/setup', home)).body).not.toContain('certificates')
    expect((await get(world, path, home)).status).toBe(404)
  })

  it('know when a token cannot be written, and when there is no such type', async () => {
    await world.close()
    world = await startPublicWorld({ csv: "home.example.com,it's a password\n" })
    const login = { user: 'home.example.com', token: "it's a password" }
    expect(textOf(await get(world, '/host/setup/ddclient', login))).toContain(
      'Your token cannot be written for ddclient',
    )
    expectPage(await get(world, '/host/setup/nothing', login), 404)
  })
})

describe('all other', () => {
  it.each(['/', '/help', '/host.json', '/host/setup', '/host/setup/curl'])(
    'methods are refused: %s',
    async (path) => {
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const answer = await world.register(home, callerV4, { path, method, headers: browser })
        expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
      }
    },
  )

  it('files of the pages may be kept for ever, under the names that the pages have', async () => {
    const { body } = await get(world, '/')
    const paths = [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(paths).toHaveLength(3)
    for (const path of paths) {
      const { status, headers } = await get(world, path)
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect((await get(world, path.replace(/\.\w{10}\./, '.0000000000.'))).status).toBe(404)
    }
  })

  it.each(['/', '/help', '/host', '/host/setup', '/host/setup/curl'])(
    'clients find no page, which they might take for a success: %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await world.register(home, callerV4, { path, method, headers: { accept: '*/*' } })
        expect([answer.status, answer.body]).toEqual([404, 'not found'])
      }
      expect(world.held('home.example.com')).toEqual([])
    },
  )

  it('paths are not found: by a person with a way back, by a machine in two words', async () => {
    expectPage(await open(world, '/nowhere'), 404)
    const answer = await get(world, '/nowhere')
    expect([answer.status, answer.body]).toEqual([404, 'not found'])
  })

  it('is as if there were no pages, where the owner wants none', async () => {
    await restart({ DYNDNS_PAGES: 'false' })
    for (const path of ['/', '/help', '/host', '/host.json', '/host/setup', '/nowhere']) {
      const answer = await open(world, path, home)
      expect([path, answer.status, answer.body]).toEqual([path, 404, 'not found'])
    }
    expect((await open(world, '/register_ip', home)).body).toBe(`good ${callerV4}`)
  })
})
