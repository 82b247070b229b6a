import diagnostics from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basic, hosts, request, startWorld, type World } from '../support/world.js'
import { answersIn, type Conversation, eventually, expectClean, open } from './wire.js'

const login = `Host: x\r\nAuthorization: ${basic(hosts.home)}\r\n`
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

/** Ways to begin and never end. */
const dawdlers: Record<string, string> = {
  'who says nothing': '',
  'a half request line': 'GET /regi',
  'a half header': `GET /register_ip HTTP/1.1\r\n${login}X-Slow: `,
  'headers without an end': `GET /register_ip HTTP/1.1\r\n${login}`,
  'a half body': `POST /nic/update HTTP/1.1\r\n${login}${form}Content-Length: 100\r\n\r\nmyip=6.6.6.6`,
  'chunks without an end': `POST /nic/update HTTP/1.1\r\n${login}${form}Transfer-Encoding: chunked\r\n\r\n5\r\nmyip=\r\n`,
}

let world: World
let hanging: Conversation[]
beforeEach(async () => {
  world = await startWorld({ timing: { route53TimeoutMs: 2000 } })
  hanging = []
})
afterEach(async () => {
  for (const { socket } of hanging) socket.destroy()
  await world.close()
})

async function hang(count: number): Promise<void> {
  const kinds = Object.values(dawdlers)
  hanging = await Promise.all(
    Array.from({ length: count }, (_, index) => open(world.service.port, kinds[index % kinds.length])),
  )
}

/** The server behind the world, as Node tells it to whoever watches. */
async function serverOf({ url }: World): Promise<Server> {
  let server: Server | undefined
  const watch = (message: unknown) => {
    const { request: req, server: found } = message as { request: { url: string }; server: Server }
    if (req.url === '/check_ip?which') server = found
  }
  diagnostics.subscribe('http.server.request.start', watch)
  await request(`${url}/check_ip?which`)
  diagnostics.unsubscribe('http.server.request.start', watch)
  if (!server) throw new Error('no request was seen')
  return server
}

describe('slowloris on 500 sockets', () => {
  it('does not keep an honest request waiting', async () => {
    await hang(500)
    expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
    expect((await world.register(hosts.cabin, undefined, { path: '/nic/update' })).status).toBe(200)
    expect((await request(`${world.url}/check_ip`)).body).toBe('203.0.113.7')
    for (const { socket, received } of hanging) {
      expect(socket.destroyed).toBe(false)
      expect(received()).toBe('')
    }
    expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
  })

  it('does not keep the service from ending', async () => {
    await hang(500)
    await world.service.close()
    await Promise.all(hanging.map(({ closed }) => closed))
    for (const { received } of hanging) expectClean(received())
  })

  it('nor does one who sends a byte now and then', async () => {
    await hang(500)
    for (let round = 0; round < 5; round++) {
      for (const { socket } of hanging) socket.write('x')
      expect((await request(`${world.url}/check_ip`)).status).toBe(200)
    }
  })
})

describe('who dawdles is shown out', () => {
  it('after a time for the head, for the whole, and between requests', async () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = await serverOf(world)
    for (const ms of [headersTimeout, requestTimeout]) {
      expect(ms).toBeGreaterThan(0)
      expect(ms).toBeLessThanOrEqual(60_000)
    }
    // Not sooner than Heroku's router, which holds idle connections for 90 s.
    expect(keepAliveTimeout).toBeGreaterThan(90_000)
    expect(keepAliveTimeout).toBeLessThanOrEqual(120_000)
  })

  it('in each of the ways to dawdle, with 408 or nothing; not who waits for an answer of ours', async () => {
    const server = await serverOf(world)
    server.headersTimeout = 300
    server.requestTimeout = 300
    const stop = world.route53.inject({ kind: 'stall', times: 10 })
    const waiting = world.register(hosts.home)
    await hang(Object.keys(dawdlers).length)
    await Promise.all(hanging.map(({ closed }) => closed))
    for (const { received } of hanging) {
      for (const { status } of expectClean(received())) expect([400, 408]).toContain(status)
    }
    expect(world.held('home.example.com')).toEqual([])
    stop()
    expect((await waiting).body).toBe('good 203.0.113.7')
    expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
    expect(world.log.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })

  it('between requests', async () => {
    const server = await serverOf(world)
    server.keepAliveTimeout = 200
    const idle = await open(world.service.port, `GET /register_ip HTTP/1.1\r\n${login}\r\n`)
    await idle.closed
    expect(answersIn(idle.received())).toMatchObject([{ status: 200, body: 'good 127.0.0.1' }])
  })
})

describe('a cap on sockets', () => {
  it('lies below the files that a dyno may open', async () => {
    const { maxConnections } = await serverOf(world)
    expect(maxConnections).toBeGreaterThan(1000)
    expect(maxConnections).toBeLessThan(10_000)
  })

  it('closes those that come too many, and serves again when some have gone', async () => {
    const server = await serverOf(world)
    server.maxConnections = 20
    await hang(60)
    await eventually(() => hanging.filter(({ socket }) => socket.destroyed).length >= 40)
    for (const { socket } of hanging) socket.destroy()
    await eventually(() =>
      world.register(hosts.home).then(
        ({ status }) => status === 200,
        () => false,
      ),
    )
    expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
  })
})

describe('who does not hang up, though the service has', () => {
  it('takes no place any more', async () => {
    const server = await serverOf(world)
    server.headersTimeout = server.requestTimeout = 100
    const count = promisify(server.getConnections.bind(server))
    const sockets = Array.from({ length: 20 }, () =>
      connect({ port: world.service.port, host: '127.0.0.1', allowHalfOpen: true }),
    )
    const answers = await Promise.all(sockets.map((socket) => once(socket, 'data')))
    for (const [answer] of answers) expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /)
    // That of serverOf may be kept alive.
    await eventually(async () => (await count()) <= 1)
    for (const socket of sockets) socket.destroy()
  })
})

it('who does not read the answers is cut', async () => {
  const server = await serverOf(world)
  // No sooner than connections fall idle.
  expect(server.timeout).toBeGreaterThan(server.keepAliveTimeout)
  server.timeout = 500
  const count = promisify(server.getConnections.bind(server))
  const socket = connect(world.service.port, '127.0.0.1').on('error', () => {})
  socket.pause()
  // More answers than the kernel holds for both sides.
  socket.write('GET /check_ip HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200_000))
  await eventually(async () => (await count()) > 1)
  await eventually(async () => (await count()) <= 1)
  socket.destroy()
})
