import { afterEach, expect, it } from 'vitest'
import { hosts, request, startWorld, type World } from '../support/world.js'

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
