import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basic, hosts, startWorld, type World } from '../support/world.js'
import { converse, expectClean } from './wire.js'

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { DYNDNS_LOGIN_FAILURES: '1000000' } })
})
afterAll(() => world.close())

/** A login that would be right, in requests that must not come to it. */
const login = `Host: x\r\nAuthorization: ${basic(hosts.home)}\r\n`
const form = 'Content-Type: application/x-www-form-urlencoded\r\n'
/** What a smuggled request would write. */
const smuggled = `GET /nic/update?myip=6.6.6.6 HTTP/1.1\r\n${login}Connection: close\r\n\r\n`
const post = (headers: string, rest: string) =>
  `POST /nic/update HTTP/1.1\r\nHost: x\r\n${form}${headers}\r\n${rest}`
const get = (target: string, headers = '') =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`

/** Sends bytes, each character one, and gives the status of each answer: all of them clean, or none. */
const statuses = async (bytes: string) =>
  expectClean(await converse(world.service.port, Buffer.from(bytes, 'latin1'))).map(({ status }) => status)

/** Whatever came back, nothing in it is a success, and nothing was asked of Route 53. */
async function expectNothing(bytes: string): Promise<void> {
  for (const status of await statuses(bytes)) expect(status).toBeGreaterThanOrEqual(400)
  expect(world.route53.model.log.calls).toEqual([])
}

describe.concurrent('a request within a request is never served', () => {
  it.each<[string, string]>([
    ['CL and TE', post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`)],
    ['TE and CL', post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${smuggled}`)],
    ['a TE that is none', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${smuggled}`)],
    ['TE: chunked, identity', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled}`)],
    ['two TE', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', `0\r\n\r\n${smuggled}`)],
    ['a space before the colon', post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${smuggled}`)],
    [
      'a tab in TE and CL',
      post('Content-Length: 4\r\nTransfer-Encoding:\tchunked\r\n', `0\r\n\r\n${smuggled}`),
    ],
    ['two lengths', post('Content-Length: 0\r\nContent-Length: 5\r\n', smuggled)],
    ['a list of lengths', post('Content-Length: 0, 0\r\n', smuggled)],
    ['+ before the length', post('Content-Length: +0\r\n', smuggled)],
    ['- before the length', post('Content-Length: -1\r\n', smuggled)],
    ['a hexadecimal length', post('Content-Length: 0x0\r\n', smuggled)],
    ['a length beyond 64 bits', post('Content-Length: 18446744073709551616\r\n', smuggled)],
    ['a folded header', post('X: y\r\n Content-Length: 0\r\nTransfer-Encoding:\r\n chunked\r\n', smuggled)],
    ['a chunk of -1', post('Transfer-Encoding: chunked\r\n', `-1\r\n\r\n${smuggled}`)],
    ['a chunk of 0x0', post('Transfer-Encoding: chunked\r\n', `0x0\r\n\r\n${smuggled}`)],
    ['a chunk without a size', post('Transfer-Encoding: chunked\r\n', `\r\n\r\n${smuggled}`)],
    ['a chunk that is longer', post('Transfer-Encoding: chunked\r\n', `1\r\nabc\r\n0\r\n\r\n${smuggled}`)],
    ['a huge chunk size', post('Transfer-Encoding: chunked\r\n', `${'f'.repeat(17)}\r\n\r\n${smuggled}`)],
    [
      'chunk extensions',
      post('Transfer-Encoding: chunked\r\n', `0;${'x'.repeat(40_000)}\r\n\r\n${smuggled}`),
    ],
    ['a line end in the URL', `GET /check_ip\r\n${smuggled}`],
    ['a bare CR in a header', get('/nowhere', `X: y\r${smuggled}`)],
    ['a NUL in a header', get('/nowhere', `X: y\0\r\n${smuggled}`)],
    ['after Connection: close', get('/nowhere') + smuggled],
    ['after an upgrade', get('/nowhere', 'Connection: Upgrade\r\nUpgrade: h2c\r\n') + smuggled],
    ['after CONNECT', `CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`],
    ['after the preface of HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${smuggled}`],
    [
      'in a body of another kind',
      `POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n${smuggled}`,
    ],
  ])('%s', (_, bytes) => expectNothing(bytes))
})

describe.concurrent('what is no request is refused or hung up on', () => {
  it.each<[string, string]>([
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['SOCKS', '\x05\x01\x00'],
    ['NUL bytes', '\0'.repeat(1000)],
    ['line ends', '\r\n'.repeat(10_000)],
    ['another version', `GET /register_ip HTTP/9.9\r\n${login}\r\n`],
    ['an unknown method', `HACK /register_ip HTTP/1.1\r\n${login}\r\n`],
    ['a method in small letters', `get /register_ip HTTP/1.1\r\n${login}\r\n`],
    ['a NUL in the URL', `GET /register\0_ip HTTP/1.1\r\n${login}\r\n`],
    ['a space in the URL', `GET /register ip HTTP/1.1\r\n${login}\r\n`],
    ['a header without a colon', `GET /register_ip HTTP/1.1\r\nnonsense\r\n${login}\r\n`],
    ['a header without a name', `GET /register_ip HTTP/1.1\r\n: x\r\n${login}\r\n`],
    ['a NUL in a header’s name', `GET /register_ip HTTP/1.1\r\nX\0: y\r\n${login}\r\n`],
    ['WebDAV', `PROPFIND /register_ip HTTP/1.1\r\n${login}Connection: close\r\n\r\n`],
    ['TRACE', `TRACE /register_ip HTTP/1.1\r\n${login}Connection: close\r\n\r\n`],
    ['CONNECT', `CONNECT /register_ip HTTP/1.1\r\n${login}\r\n`],
    ['an expectation', get('/register_ip', 'Expect: a-miracle\r\n')],
    ['two Hosts and no login', get('/register_ip', 'Host: y\r\n')],
    ['a range', get('/nowhere', 'Range: bytes=0-1,2-3\r\n')],
  ])('%s', (_, bytes) => expectNothing(bytes))
})

describe.concurrent('a URL that no client sends is answered in a word', () => {
  it.each([
    'http://[',
    'http://[::1',
    'http://x:99999999/',
    'http://',
    'http:',
    '//',
    '///',
    '*',
    '?',
    '%',
    '/%',
    '/%ZZ',
    '/%ff%fe/%00',
    '/..%2f..%2fetc/passwd',
    '/../../../etc/passwd',
    '/\xff\xfe\x80',
    '/nic%2fupdate',
    '/nic/update%00',
    '/nic/update;x=y',
    '/constructor/__proto__',
    'javascript:alert(1)',
    `/${'/'.repeat(7000)}`,
    `/nic/${'../nic/'.repeat(1000)}`,
    '/nic/update?__proto__[x]=1&constructor=2&hostname[]=x&hostname[a][b]=c',
    '/nic/update?hostname=%00&myip=%ff&hostname=%',
    '/check_ip?%',
    'http://x/check_ip',
  ])('%s', async (target) => {
    const errors = () => world.log.filter(({ level }) => Number(level) >= 50).length
    const before = errors()
    const all = expectClean(await converse(world.service.port, Buffer.from(get(target), 'latin1')))
    for (const { status, body } of all) {
      // The parser refuses some before any route.
      expect([target.includes('check_ip') ? 200 : 404, 400, 401]).toContain(status)
      if (status !== 400) expect(body).not.toBe('')
    }
    expect(all).toHaveLength(1)
    expect(errors()).toBe(before)
  })
})

describe.concurrent('credentials that no client sends are wrong, not a bug', () => {
  const encoded = (text: string) => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`
  it.each([
    '',
    'Basic',
    'Basic ',
    'Basic =',
    'Basic !!!!',
    'Basic \xff\xfe',
    encoded(''),
    encoded(':'),
    encoded('::'),
    encoded('home.example.com'),
    encoded('home.example.com:'),
    encoded(':b42b8ee408d165ba29588841a44edd96'),
    encoded('home.example.com\0:b42b8ee408d165ba29588841a44edd96'),
    encoded('home.example.com:b42b8ee408d165ba29588841a44edd96\0'),
    encoded('home.example.com:b42b8ee408d165ba29588841a44edd96\r\nX: y'),
    encoded('\xff\xfe\x80:\xc3\x28'),
    encoded('__proto__:constructor'),
    `Bearer ${hosts.home.token}`,
    'Digest username="home.example.com", realm="x", nonce="", uri="/", response=""',
    `${basic(hosts.home)}, ${basic(hosts.home)}`,
  ])('%j', async (value) => {
    for (const path of ['/register_ip', '/nic/update?myip=6.6.6.6']) {
      expect(await statuses(get(path, `Authorization: ${value}\r\n`))).toEqual([401])
    }
    expect(world.route53.model.log.calls).toEqual([])
  })
})
