import { afterEach, beforeEach, expect, it } from 'vitest'
import { basic, hosts, startWorld, type World } from '../support/world.js'
import { answersIn, converse, eventually, expectClean, open } from './wire.js'

let world: World
beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.close())

const get = (path: string, from = '203.0.113.7', login = basic(hosts.home)) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${from}\r\nAuthorization: ${login}\r\n\r\n`

/** What came back until the server hung up, after the last of these requests. */
async function bodies(requests: readonly string[]): Promise<string[]> {
  const bytes = requests.join('').replace(/\r\n$/, 'Connection: close\r\n\r\n')
  return answersIn(await converse(world.service.port, bytes)).map(({ body }) => body)
}

it('a hundred updates in one packet are answered one by one, in their order', async () => {
  const updates = Array.from({ length: 100 }, (_, index) =>
    get('/register_ip', `203.0.113.${index}`, basic(index % 2 ? hosts.home : hosts.cabin)),
  )
  const answers = await bodies(updates)
  expect(answers).toHaveLength(100)
  // The later of two for one host supersedes the earlier, which then may not say that it was done.
  expect(answers.slice(-2)).toEqual(['good 203.0.113.98', 'good 203.0.113.99'])
  for (const [index, answer] of answers.entries())
    expect([`good 203.0.113.${index}`, '911']).toContain(answer)
  expect(world.held('cabin.example.com')).toEqual(['203.0.113.98'])
  expect(world.held('home.example.com')).toEqual(['203.0.113.99'])
})

it('each is answered for itself: none gets another’s answer, and none is lost', async () => {
  const all = await bodies([
    get('/check_ip', '203.0.113.1'),
    get('/register_ip', '203.0.113.2'),
    get('/nowhere'),
    get('/register_ip', '203.0.113.3', 'Basic eDp5'),
    get('/nic/update', '203.0.113.4', basic(hosts.cabin)),
    get('/check_ip', '203.0.113.5'),
  ])
  expect(all).toEqual([
    '203.0.113.1',
    'good 203.0.113.2',
    'not found',
    'badauth',
    'good 203.0.113.4',
    '203.0.113.5',
  ])
})

it.each(['/check_ip', '/register_ip', '/nowhere', '/nic/nowhere'])(
  'after a whole request to %s, the connection serves the next one too',
  async (path) => {
    const { socket, received } = await open(world.service.port)
    for (const count of [1, 2, 3]) {
      socket.write(get(path))
      await eventually(() => socket.destroyed || received().split('HTTP/1.1 ').length > count)
      expect(answersIn(received())).toHaveLength(count)
    }
    socket.destroy()
  },
)

it('what comes before a malformed one is answered, and nothing behind it', async () => {
  const bytes = `${get('/register_ip')}BAD\r\n\r\n${get('/register_ip', '6.6.6.6')}`
  const answers = expectClean(await converse(world.service.port, bytes))
  for (const { status, body } of answers)
    expect([`good 203.0.113.7`, '']).toContain(status === 400 ? '' : body)
  expect(world.held('home.example.com')).not.toContain('6.6.6.6')
})

it('who hangs up after a packet of updates leaves the last one in the zone, or an earlier one', async () => {
  const { socket } = await open(world.service.port)
  const all = Array.from({ length: 50 }, (_, index) => get('/register_ip', `203.0.113.${index}`)).join('')
  socket.end(all)
  await eventually(() => world.held('home.example.com').length === 1)
  expect((await world.register(hosts.home, '203.0.113.200')).body).toBe('good 203.0.113.200')
  expect(world.held('home.example.com')).toEqual(['203.0.113.200'])
})

it.each([
  ['what is no request', 'GARBAGE\r\n\r\n'],
  ['a head without an end', `GET /check_ip HTTP/1.1\r\nX: ${'a'.repeat(20_000)}`],
])('an answer that is due is not cut off or replaced because of %s behind it', async (_, garbage) => {
  world.route53.latencyMs = 200
  const { closed, received } = await open(world.service.port, get('/register_ip') + garbage)
  await closed
  expect(answersIn(received()).map(({ body }) => body)).toEqual(['good 203.0.113.7'])
  expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
})
