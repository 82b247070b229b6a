import { afterEach, describe, expect, it } from 'vitest'
import { exchange, hosts, request, startWorld, type World } from '../support/world.js'

let world: World
afterEach(() => world.close())

it('answers with the address and nothing else', async () => {
  world = await startWorld()
  const answer = await request(`${world.url}/check_ip`, undefined, '203.0.113.7')
  expect(answer).toMatchObject({ status: 200, body: '203.0.113.7' })
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('content-length')).toBe('11')
})

it('unwraps IPv4-mapped IPv6', async () => {
  world = await startWorld()
  expect((await request(`${world.url}/check_ip`, undefined, '::ffff:203.0.113.7')).body).toBe('203.0.113.7')
})

it('holds no other dotted quad: ddclient 3 takes the first it finds, headers included', async () => {
  world = await startWorld()
  const answer = await request(`${world.url}/check_ip`, undefined, '2001:db8::7')
  expect(answer.body).toBe('2001:db8::7')
  expect(JSON.stringify([...answer.headers])).not.toMatch(/\d+\.\d+\.\d+\.\d+/)
})

it('works before the database has loaded, while a registration is put off', async () => {
  world = await startWorld({ waitUntilLoaded: false, csv: '' })
  expect((await request(`${world.url}/check_ip`)).status).toBe(200)
  expect(await world.register(hosts.home)).toMatchObject({ status: 503, body: '911' })
})

it.each([
  ['HEAD', 200],
  ['POST', 405],
  ['DELETE', 405],
])('%s -> %d', async (method, status) => {
  world = await startWorld()
  const answer = await request(`${world.url}/check_ip`, undefined, undefined, { method })
  expect(answer.status).toBe(status)
  if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD')
})

it('knows nothing of other paths', async () => {
  world = await startWorld()
  const answer = await request(`${world.url}/register_iphome.example.com?x=1`)
  expect(answer).toMatchObject({ status: 404, body: 'not found' })
})

const page = (address: string) =>
  `<html><head><title>Current IP Check</title></head><body>Current IP Address: ${address}</body></html>`

describe.each(['/checkip', '/check_ip?format=dyn', '/check_ip?x=1&format=dyn', '/CheckIP/', '//checkip'])(
  '%s',
  (path) => {
    it.each(['203.0.113.7', '2001:db8::7'])('says Dyn’s sentence of %s', async (from) => {
      world = await startWorld()
      const answer = await request(world.url + path, undefined, from)
      expect(answer.status).toBe(200)
      expect(answer.body.trimEnd()).toBe(page(from))
      expect(answer.headers.get('content-type')).toMatch(/^text\/html\b/)
      expect(answer.headers.get('cache-control')).toMatch(/no-(store|cache)/)
      expect(answer.headers.get('content-length')).toBe(String(answer.body.length))
      expect(answer.headers.has('transfer-encoding')).toBe(false)
    })

    it('can be cut out the way routers do', async () => {
      world = await startWorld()
      const bytes = `GET ${path} HTTP/1.0\r\nX-Forwarded-For: ::ffff:203.0.113.7\r\n\r\n`
      const answer = await exchange(world.service.port, bytes)
      // ddclient 3: the first dotted quad of the whole answer. RouterOS scripts: between `: ` and `</body>` of the body.
      expect(/\d+\.\d+\.\d+\.\d+/.exec(answer)?.[0]).toBe('203.0.113.7')
      const body = answer.slice(answer.indexOf('\r\n\r\n') + 4)
      expect(body.slice(body.indexOf(': ') + 2, body.indexOf('</body>'))).toBe('203.0.113.7')
    })

    it('needs no database, and no address from whoever has none', async () => {
      world = await startWorld({ waitUntilLoaded: false, csv: '' })
      expect((await request(world.url + path)).status).toBe(200)
      const answer = await request(world.url + path, undefined, '203.0.113.7:http')
      expect(answer.status).toBe(500)
      expect(answer.body).not.toMatch(/\d+\.\d+/)
    })

    it('is read, and nothing else', async () => {
      world = await startWorld()
      expect(await request(world.url + path, undefined, undefined, { method: 'HEAD' })).toMatchObject({
        status: 200,
      })
      const answer = await request(world.url + path, undefined, undefined, { method: 'POST' })
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('GET, HEAD')
    })
  },
)

it.each([
  '/check_ip',
  '/check_ip/',
  '//check_ip',
  '/check_ip?format=',
  '/check_ip?format=dynamic',
  '/check_ip?x=format=dyn',
])('%s stays plain', async (path) => {
  world = await startWorld()
  expect((await request(world.url + path)).body).toBe('203.0.113.7')
})
