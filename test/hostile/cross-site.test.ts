import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basic, exchange, hosts, startWorld, type World } from '../support/world.js'
import { answersIn } from './wire.js'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const writing = ['/register_ip', '/register_ip/', '/nic/update', '//nic/update', '/v3/update', '/NIC/Update/']
const query = '?hostname=home.example.com&myip=6.6.6.6'

/** A request as a browser that is logged in makes it for a page of this site. */
const browse = (site: string, path: string, method = 'GET') =>
  world.register(hosts.home, '203.0.113.7', { path, method, headers: { 'sec-fetch-site': site } })

describe.each(['cross-site', 'same-site'])(
  'what a page of another site makes the browser send (%s)',
  (site) => {
    it.each(writing.flatMap((path) => [path, path + query]))('changes nothing by %s', async (path) => {
      for (const method of ['GET', 'POST']) {
        const answer = await browse(site, path, method)
        expect(answer.status).toBe(403)
        expect(answer.body).toMatch(/^[A-Z][^<>\n]{40,200}\.$/)
        expect(answer.body).toContain('Nothing was changed')
        expect(answer.body).not.toMatch(/good|nochg|badauth|911/)
        expect(answer.headers.get('content-type')).toMatch(/^text\/plain\b/)
        expect(answer.headers.has('www-authenticate')).toBe(false)
      }
      expect(world.route53.model.log.calls).toEqual([])
      expect(world.held('home.example.com')).toEqual([])
    })

    it('is refused before its body is read', async () => {
      const head = `POST /nic/update HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: ${site}\r\nContent-Length: 100000000\r\n\r\n`
      const [answer] = answersIn(await exchange(world.service.port, `${head}myip=6.6.6.6`))
      expect(answer?.status).toBe(403)
    })

    it.each(['/present', '/acme/cleanup', '/update', '/register'])(
      'sets no challenge by %s',
      async (path) => {
        const body = JSON.stringify({ fqdn: '_acme-challenge.home.example.com', value: 'v'.repeat(43) })
        const headers = { 'sec-fetch-site': site, 'content-type': 'application/json' }
        const init = { path, method: 'POST', body, headers }
        const answer = await world.register(hosts.home, '203.0.113.7', init)
        expect([answer.status, world.route53.model.log.calls]).toEqual([403, []])
        expect(answer.body).toContain('Nothing was changed')
      },
    )

    it('may read: it learns the address that it comes from', async () => {
      for (const path of ['/check_ip', '/checkip']) expect((await browse(site, path)).status).toBe(200)
    })
  },
)

describe('what nobody else made the browser send', () => {
  it.each(['none', 'same-origin'])('is served: %s', async (site) => {
    expect((await browse(site, `/nic/update${query}`)).body).toBe('good 6.6.6.6')
    expect((await browse(site, '/register_ip')).body).toBe('good 203.0.113.7')
  })

  it('is served as ever where no such header is sent', async () => {
    const login = { authorization: basic(hosts.home), referer: 'http://elsewhere.example/' }
    expect((await world.register(undefined, '203.0.113.7', { headers: login })).body).toBe('good 203.0.113.7')
  })
})

it('no page may read an answer, frame it, or have it asked for leave', async () => {
  const origin = { origin: 'http://elsewhere.example', 'access-control-request-method': 'POST' }
  for (const path of ['/nic/update', '/register_ip', '/check_ip']) {
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await world.register(hosts.home, undefined, { path, method, headers: origin })
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    }
  }
})
