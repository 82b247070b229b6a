import { afterAll, beforeAll, expect, it } from 'vitest'
import { exchange, startWorld, type World } from '../support/world.js'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const rest = 'Host: x\r\nAuthorization: Basic czNjcmV0OnMzY3JldA==\r\n\r\n'

it.each<[string, string, RegExp]>([
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^TLS on a port for plain HTTP/],
  ['TLS 1.0', '\x16\x03\x00\x00\x2f\x01', /^TLS on a port for plain HTTP/],
  [
    'the PROXY protocol',
    `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n${rest}`,
    /^the PROXY protocol/,
  ],
  ['its version 2', '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c', /^the PROXY protocol/],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/2/],
  ['bare LF', 'GET /register_ip HTTP/1.0\nHost: x\n\n', /^a line ends with LF alone/],
  [
    'bare LF in one line',
    `GET /register_ip HTTP/1.1\r\nUser-Agent: s3cret\nX: y\r\n${rest}`,
    /^a line ends with LF alone/,
  ],
  [
    'an encoded path',
    `GET %2Fnic%2Fupdate%3Fmyip%3Ds3cret HTTP/1.1\r\n${rest}`,
    /^the path is percent-encoded/,
  ],
  ['an encoded URL', `GET http%3A%2F%2Fx%2Fnic%2Fupdate HTTP/1.1\r\n${rest}`, /^the path is percent-encoded/],
  ['no / in front', `GET nic/update?myip=s3cret HTTP/1.1\r\n${rest}`, /^the path has no \/ in front/],
  ['a query without a path', `GET ?myip=s3cret HTTP/1.0\r\n${rest}`, /^the path has no \/ in front/],
  [
    'a space in the URL',
    `GET /nic/update?myip=s3cret s3cret HTTP/1.1\r\n${rest}`,
    /^the URL has a space in it/,
  ],
  [
    'other than ASCII',
    `GET /nic/update?hostname=m\xfcnchen.s3cret HTTP/1.1\r\n${rest}`,
    /^the URL has other characters/,
  ],
  [
    'a head that is too long',
    `GET /register_ip HTTP/1.1\r\nX: ${'s3cret'.repeat(5000)}\r\n${rest}`,
    /^its head is longer/,
  ],
])(
  '%s is no request, and the log says what it is, from where, and nothing of it',
  async (_, bytes, reason) => {
    const before = world.log.length
    expect(await exchange(world.service.port, bytes)).toMatch(/^HTTP\/1\.1 4\d\d /)
    const [line, ...more] = world.log.slice(before)
    expect(line).toMatchObject({
      msg: 'not a request',
      address: '127.0.0.1',
      reason: expect.stringMatching(reason),
    })
    expect(more).toEqual([])
    expect(world.printed()).not.toMatch(/s3cret|czNjcmV0/)
  },
)

it('what nobody knows leaves a line all the same', async () => {
  const before = world.log.length
  await exchange(world.service.port, 'SSH-2.0-OpenSSH_9.6\r\n')
  expect(world.log.slice(before)).toMatchObject([{ msg: 'not a request', address: '127.0.0.1', status: 400 }])
})
