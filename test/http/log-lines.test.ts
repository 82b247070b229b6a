import { afterEach, beforeEach, expect, it } from 'vitest'
import { basic, exchange, hosts, startWorld, type World } from '../support/world.js'

/** What the log says of a request, line by line. */

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const lines = (id: unknown) => world.log.filter((line) => line['id'] === id)
const userAgents = () => world.log.filter(({ msg }) => msg === 'request').map(({ userAgent }) => userAgent)

it('joins the lines of a registration by its id, with its host and client', async () => {
  const headers = { 'user-agent': 'ddclient/3.10.0' }
  const path = '/nic/update?hostname=home.example.com,nobody.example.com&myip=203.0.113.9,2001:db8::9'
  const answer = await world.register(hosts.home, undefined, { headers, path })
  const id = answer.headers.get('x-request-id')
  const host = hosts.home.user
  await expect.poll(() => lines(id)).toHaveLength(4)
  expect(lines(id)).toMatchObject([
    { msg: 'host not updated: it is unknown, or its token is another', host },
    { msg: 'registration', host, address: '203.0.113.9', outcome: 'good' },
    { msg: 'registration', host, address: '2001:db8::9', outcome: 'good' },
    { msg: 'request', host, status: 200, userAgent: 'ddclient/3.10.0' },
  ])
})

it('joins those of a refusal', async () => {
  const answer = await world.register(hosts.home, 'unknown')
  const id = answer.headers.get('x-request-id')
  await expect.poll(() => lines(id)).toHaveLength(2)
  expect(lines(id)).toMatchObject([{ msg: 'registration', outcome: 'refused' }, { msg: 'request' }])
})

it('joins those of a failed login, and names no host as logged in', async () => {
  const answer = await world.register({ ...hosts.home, token: 'a-guess' })
  const id = answer.headers.get('x-request-id')
  await expect.poll(() => lines(id)).toHaveLength(2)
  expect(lines(id)).toMatchObject([
    { msg: 'login failed', host: hosts.home.user, address: '203.0.113.7' },
    { msg: 'request', status: 401 },
  ])
  expect(lines(id)[1]).not.toHaveProperty('host')
})

it('takes the id of the router in front', async () => {
  const id = '01234567-89ab-cdef-0123-456789abcdef'
  await world.register(hosts.home, undefined, { headers: { 'x-request-id': id } })
  await expect.poll(() => lines(id).map(({ msg }) => msg)).toEqual(['registration', 'request'])
})

it('cuts the User-Agent, and writes no control character and no token of it', async () => {
  const agents = ['x'.repeat(500), 'a\tb\x85\x9bc', `client ${hosts.home.token}`, '']
  for (const agent of agents) {
    const head = `GET /register_ip HTTP/1.0\r\nAuthorization: ${basic(hosts.home)}\r\nUser-Agent: ${agent}\r\n\r\n`
    await exchange(world.service.port, Buffer.from(head, 'latin1'))
  }
  await exchange(world.service.port, 'GET /check_ip HTTP/1.0\r\n\r\n')
  await expect.poll(userAgents).toEqual(['x'.repeat(120), 'a b c', undefined, undefined, undefined])
})
