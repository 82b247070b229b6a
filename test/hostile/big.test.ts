import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic, hosts, startWorld, type World } from '../support/world.js'
import { converse, expectClean, open } from './wire.js'

/** Below these, requests are served; beyond, they are refused, whoever sends them. */
const mostHeaderBytes = 16 * 1024
const mostFormBytes = 4096

const login = `Host: x\r\nX-Forwarded-For: 203.0.113.7\r\nAuthorization: ${basic(hosts.home)}\r\n`
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

/** What came back: a line of status and body for each answer. */
const send = async (bytes: string | Uint8Array) =>
  expectClean(await converse(world.service.port, bytes)).map(({ status, body }) => `${status} ${body}`)

const get = (target: string, headers = '') =>
  send(`GET ${target} HTTP/1.1\r\n${login}Connection: close\r\n${headers}\r\n`)

const post = (headers: string, body: string | Uint8Array) =>
  send(
    Buffer.concat([
      Buffer.from(`POST /nic/update HTTP/1.1\r\n${login}Connection: close\r\n${headers}\r\n`),
      Buffer.from(body),
    ]),
  )

const isServed = /^200 (good|nochg) 203\.0\.113\.7$/
const isTooLarge = /^(400|413|431) (badagent)?$/

describe('the head of a request', () => {
  it.each([
    ['a URL', 8000, (length: number) => get(`/register_ip?${'a'.repeat(length)}`)],
    ['a header', 8000, (length: number) => get('/register_ip', `X-Long: ${'a'.repeat(length)}\r\n`)],
    ['a header’s name', 8000, (length: number) => get('/register_ip', `X-${'a'.repeat(length)}: b\r\n`)],
    [
      'headers by the hundred',
      8000,
      (length: number) => get('/register_ip', 'X-Y: z\r\n'.repeat(length / 8)),
    ],
  ])('%s is fine as long as Heroku’s router lets through, and refused beyond', async (_, length, ask) => {
    const [served] = await ask(length)
    expect(served).toMatch(isServed)
    for (const factor of [10, 30]) {
      const answers = await ask(factor * length)
      for (const answer of answers) expect(answer).toMatch(isTooLarge)
    }
  })

  it.each(['&', 'a&', '&myip', 'myip=6.6.6.6,', '?', '=', '%', '%00', '%ff', '%c3%28&', '+', ';'])(
    'of 100,000 times %s as its query is refused, and 1,000 times is served or refused in a word',
    async (piece) => {
      for (const answer of await get(`/register_ip?${piece.repeat(100_000)}`))
        expect(answer).toMatch(isTooLarge)
      const [answer] = await get(`/register_ip?${piece.repeat(Math.floor(8000 / piece.length))}`)
      expect(answer).toMatch(isServed)
    },
  )

  it('bears Basic credentials of 8 KB, which are wrong', async () => {
    const huge = (user: string, token: string) => `Authorization: ${basic({ user, token })}\r\n`
    for (const credentials of [
      huge('home.example.com', 't'.repeat(6000)),
      huge('h'.repeat(6000), 't'),
      huge(':'.repeat(6000), ''),
      `Authorization: Basic ${'='.repeat(8192)}\r\n`,
      `Authorization: Basic ${'\xff'.repeat(8192)}\r\n`,
      `Authorization: ${'Basic '.repeat(1365)}\r\n`,
    ]) {
      expect(credentials.length).toBeLessThan(mostHeaderBytes)
      const bytes = `GET /register_ip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${credentials}\r\n`
      expect(await send(Buffer.from(bytes, 'latin1'))).toEqual(['401 badauth'])
    }
  })
})

describe('the body of a request', () => {
  const padded = (length: number) => `myip=203.0.113.7&x=${'a'.repeat(length - 19)}`

  it('is read up to a limit', async () => {
    const body = padded(mostFormBytes)
    const [served] = await post(`${form}Content-Length: ${body.length}\r\n`, body)
    expect(served).toMatch(isServed)
  })

  it.each<[string, string, string]>([
    ['one byte too many', `Content-Length: ${mostFormBytes + 1}\r\n`, padded(mostFormBytes + 1)],
    ['compressed', `Content-Encoding: gzip\r\nContent-Length: 4\r\n`, 'abcd'],
  ])('of %s is refused in a word', async (_, length, body) => {
    expect(await post(form + length, body)).toEqual(['400 badagent'])
  })

  it.each<[string, string, string]>([
    ['100 GB', 'Content-Length: 100000000000\r\n', 'myip=6.6.6.6'],
    [
      'chunks without an end',
      'Transfer-Encoding: chunked\r\n',
      '100\r\nmyip='.padEnd(261, 'a').concat('\r\n').repeat(40),
    ],
    ['a chunk of 4 GB', 'Transfer-Encoding: chunked\r\n', `ffffffff\r\n${'a'.repeat(10_000)}`],
  ])('of %s is refused while it is still coming, and hung up on', async (_, length, body) => {
    const head = `POST /nic/update HTTP/1.1\r\n${login}${form}${length}\r\n`
    const { closed, received } = await open(world.service.port, head + body)
    await closed
    expect(expectClean(received())).toMatchObject([{ status: 400, body: 'badagent' }])
  })

  it('that comes at full speed without an end is not taken in', async () => {
    const head = `POST /nic/update HTTP/1.1\r\n${login}${form}Transfer-Encoding: chunked\r\n\r\n`
    const { socket, closed, received } = await open(world.service.port, head)
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`
    let left = 512 // 32 MiB, more than the kernel holds for a socket
    const pour = () => {
      while (!socket.destroyed && left > 0 && socket.write(chunk)) left -= 1
      if (left === 0) socket.destroy()
    }
    socket.on('drain', pour)
    pour()
    await closed
    expect(left).toBeGreaterThan(0)
    expectClean(received())
  })

  it('of another kind is refused unread: there may be parameters in it', async () => {
    for (const type of [
      'application/json',
      'multipart/form-data; boundary=x',
      'text/plain',
      ';;;',
      'x'.repeat(4000),
    ]) {
      const [answer] = await post(
        `Content-Type: ${type}\r\nContent-Length: 100000000\r\n`,
        '{"myip":"6.6.6.6"}',
      )
      expect(answer).toBe('400 badagent')
    }
  })

  it.each(['/check_ip', '/nowhere', '/nic/nowhere', '/register_ip/x'])(
    'to %s is not read: it is answered while the body is still coming, and hung up on',
    async (path) => {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\n${form}Content-Length: 1000000000\r\n\r\n`
      const { closed, received } = await open(world.service.port, `${head}a`)
      await closed
      expect(expectClean(received())).toMatchObject([{ headers: expect.anything() }])
    },
  )

  it('holds 100,000 parameters at most in vain', async () => {
    const body = '&a'.repeat(100_000)
    expect(await post(`${form}Content-Length: ${body.length}\r\n`, body)).toEqual(['400 badagent'])
    const fitting = `${'&a'.repeat(1900)}&myip=203.0.113.7`
    const [answer] = await post(`${form}Content-Length: ${fitting.length}\r\n`, fitting)
    expect(answer).toMatch(isServed)
  })
})

it('and the zone holds what valid requests put there', () => {
  expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
  expect(world.printed()).not.toContain('bug')
})
