import { afterEach, describe, expect, it } from 'vitest'
import { basic, exchange, hosts, request, type World } from '../support/world.js'
import { addresses, callerV4, publicV4, publicV6, send, startPublicWorld, update } from './nic.js'

let world: World
const start = async () => {
  world = await startPublicWorld()
}
afterEach(() => world.close())

const home = 'home.example.com'
const form = (
  body: string,
  headers: Record<string, string> = {},
): RequestInit & { headers: Record<string, string> } => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
})

describe('paths', () => {
  it.each([
    ...['/nic/update', '/nic/update/', '//nic/update', '///nic/update', '//nic/update/', '/NIC/Update'],
    ...['//NIC/UPDATE/', '/v3/update', '/v3/update/', '//v3/update', '/V3/Update'],
  ])('%s', async (path) => {
    await start()
    expect(await update(world, `hostname=${home}&myip=8.8.8.8`, { path })).toBe('200 good 8.8.8.8')
    expect(await update(world, 'myip=8.8.4.4', { path, method: 'POST' })).toBe('200 good 8.8.4.4')
    expect(await update(world, '', { path, ...form('myip=1.1.1.1') })).toBe('200 good 1.1.1.1')
    expect(await update(world, '', { path })).toBe(`200 good ${callerV4}`)
    expect(await update(world, '', { path, login: undefined })).toBe('401 badauth')
    expect(addresses(world)).toEqual([`${home} A ${callerV4}`])
  })

  it.each(['//register_ip', '///Register_IP/'])('%s is /register_ip', async (path) => {
    await start()
    expect(await update(world, 'myip=8.8.8.8', { path })).toBe(`200 good ${callerV4}`)
  })

  it.each([
    ...['/nic', '/nic/', '//nic', '/v3', '/nic/updat', '/nic/update/x', '/nic//update', '/NIC/other'],
    ...['/nic/updatehome.example.com', '/nic/update%20', '/nic/%zz', '/v3/update/.', '/nic/update;x'],
  ])('nothing is at %s, and nothing is said of it', async (path) => {
    await start()
    const bytes = `GET ${path}?myip=8.8.8.8 HTTP/1.0\r\nAuthorization: ${basic(hosts.home)}\r\n\r\n`
    const answer = await exchange(world.service.port, bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 404 /)
    expect(answer).toMatch(/\r\nContent-Length: 8\r\n/)
    expect(answer).toMatch(/\r\n\r\nbadagent$/)
    expect(world.route53.model.log.calls).toEqual([])
  })
})

describe('methods', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('%s writes nothing', async (method) => {
    await start()
    for (const path of ['/nic/update', '//nic/update', '/v3/update/', '/register_ip']) {
      const answer = await send(world, 'myip=8.8.8.8', { path, method })
      expect(answer).toMatchObject({ status: 405, body: method === 'HEAD' ? '' : 'badagent' })
      expect(answer.headers.get('allow')).toBe('GET, POST')
    }
    expect(world.route53.model.log.calls).toEqual([])
  })
})

describe('a form', () => {
  it('may hold all or some of the parameters; of one that is in both, the query’s counts', async () => {
    await start()
    expect(await update(world, '', form(`hostname=${home}&myip=8.8.8.8`))).toBe('200 good 8.8.8.8')
    expect(await update(world, `hostname=${home}`, form(`myip=${publicV6}`))).toBe(`200 good ${publicV6}`)
    expect(await update(world, 'myip=8.8.4.4', form('myip=1.1.1.1'))).toBe('200 good 8.8.4.4')
    expect(await update(world, '', form('hostname=cabin.example.com'))).toBe('500 nohost')
    expect(await update(world, '', form('', { 'content-length': '0' }))).toBe(`200 good ${callerV4}`)
    expect(addresses(world)).toEqual([`${home} A ${callerV4}`, `${home} AAAA ${publicV6}`])
  })

  it.each([
    ['an object', '{"hostname":"home.example.com","myip":"8.8.8.8"}', '200 good 8.8.8.8'],
    [
      'of another type of JSON',
      '{"MyIP":"8.8.8.8"}',
      '200 good 8.8.8.8',
      'application/vnd.x+json; charset=utf-8',
    ],
    ['with a list', `{"ip":["8.8.8.8","${publicV6}"]}`, `200 good 8.8.8.8,${publicV6}`],
    [
      'with what is not ours beside it',
      '{"ip4":"8.8.8.8","ttl":60,"x":{"y":[true]},"ip6":null}',
      '200 good 8.8.8.8',
    ],
    ['of another host', '{"domain":"cabin.example.com","ip":"8.8.8.8"}', '500 nohost'],
    ['with a token for an address', '{"ip6":"s3cret"}', '500 dnserr'],
    ['that is empty', '{}', `200 good ${callerV4}`],
    ['with nothing of ours', '{"text":"hello"}', `200 good ${callerV4}`],
    ['with an address that is no text', '{"myip":134744072}', '400 badagent'],
    ['with an address in an object', '{"address":{"myip":"8.8.8.8"}}', '400 badagent'],
    ['with a deletion that is no text', '{"offline":true}', '400 badagent'],
    ['in a list', '[{"myip":"8.8.8.8"}]', '400 badagent'],
    ['that breaks off', '{"myip":"8.8.8.8"', '400 badagent'],
  ])('may be JSON %s', async (_, body, answer, type = 'application/json') => {
    await start()
    expect(await update(world, '', form(body, { 'content-type': type }))).toBe(answer)
    if (!answer.startsWith('200')) expect(addresses(world)).toEqual([])
  })

  const multipart =
    '--x\r\nContent-Disposition: form-data; name="hostname"\r\n\r\ncabin.example.com\r\n--x--\r\n'
  it.each([
    ['as text', 'text/plain', 'hostname=cabin.example.com'],
    ['as text, in capitals', 'text/plain; charset=us-ascii', 'MYIP: 8.8.8.8'],
    ['in parts', 'multipart/form-data; boundary=x', multipart],
    ['in XML', 'application/xml', '<update><ip6>::1</ip6></update>'],
    ['of no type', '', 'myip=8.8.8.8'],
    ['of a type that is none', ';;;', 'offline=YES'],
    ['in a type that is not said', 'application/octet-stream', 'a=1&amp;domain=cabin.example.com'],
    ['that is too long to look through', 'text/plain', 'x'.repeat(5000)],
  ])(
    '%s that has parameters is never left out: it is refused, and the log says why',
    async (_, type, body) => {
      await start()
      for (const query of ['', `myip=${publicV4}`])
        expect(await update(world, query, form(body, { 'content-type': type }))).toBe('400 badagent')
      expect(addresses(world)).toEqual([])
      const refused = world.log.filter(({ msg, status }) => msg === 'request' && status === 400)
      expect(refused).toMatchObject([{ reason: expect.stringMatching(/^the body /) }, {}])
      expect(world.printed()).not.toContain('cabin')
    },
  )

  it.each([
    ['empty', 'text/plain', ''],
    ['of none of our parameters', 'text/plain', 'hello, my-ip and hostnamed'],
    ['of parts of none', 'multipart/form-data; boundary=x', '--x--\r\n'],
  ])('but a body %s changes nothing', async (_, type, body) => {
    await start()
    const init = form(body, { 'content-type': type })
    expect(await update(world, `myip=${publicV4}`, init)).toBe(`200 good ${publicV4}`)
  })

  it.each([
    ['too big', form(`myip=8.8.8.8&x=${'x'.repeat(5000)}`)],
    ['in an unknown charset', form('a', { 'content-type': 'application/x-www-form-urlencoded; charset=x' })],
    ['not what its encoding says', form('a', { 'content-encoding': 'gzip' })],
    ['in an unknown encoding', form('a', { 'content-encoding': 'x' })],
  ])('%s is refused in a word', async (_, init) => {
    await start()
    expect(await update(world, 'myip=8.8.8.8', init)).toBe('400 badagent')
    expect(world.route53.model.log.calls).toEqual([])
    expect(world.log.at(-1)).toMatchObject({ msg: 'request', status: 400, reason: expect.any(String) })
  })

  it('is not read from a GET', async () => {
    await start()
    const bytes = `GET /nic/update HTTP/1.0\r\nX-Forwarded-For: ${callerV4}\r\nAuthorization: ${basic(hosts.home)}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\nmyip=8.8.8.8`
    expect(await exchange(world.service.port, bytes)).toMatch(/\r\n\r\ngood 9\.9\.9\.9$/)
  })
})

describe('strange queries get words', () => {
  it.each([
    ...['x[hostname]=1', 'xhostname=a&hostnam=b', 'myip[x]=1', '__proto__=1', '__proto__[x]=1', '%', '%zz=%'],
    ...['a=b=c', '&&&', '?', '??myip=x', '=', '%00=%00', `x=${'y'.repeat(8000)}`, '#', 'hasOwnProperty=1'],
  ])('%s', async (query) => {
    await start()
    const bytes = `GET /nic/update?${query} HTTP/1.0\r\nX-Forwarded-For: ${callerV4}\r\nAuthorization: ${basic(hosts.home)}\r\n\r\n`
    expect(await exchange(world.service.port, bytes)).toMatch(/\r\n\r\ngood 9\.9\.9\.9$/)
    expect(addresses(world)).toEqual([`${home} A ${callerV4}`])
  })

  it('and the first byte of the body is the word’s, whatever is asked of encodings and caches', async () => {
    await start()
    const headers = { 'accept-encoding': 'gzip, deflate, br', 'if-none-match': '*', te: 'trailers' }
    expect(await update(world, '', { headers })).toBe(`200 good ${callerV4}`)
    const answer = await request(`${world.url}/nic/update`, hosts.home, callerV4, { headers })
    expect(answer).toMatchObject({ status: 200, body: `nochg ${callerV4}` })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

describe('what Node answers by itself has a length too', () => {
  it('where an expectation is none that anybody knows', async () => {
    await start()
    const bytes = 'GET /nic/update HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\nConnection: close\r\n\r\n'
    const answer = await exchange(world.service.port, bytes)
    expect(answer).toMatch(/\r\nContent-Length: \d+\r\n/)
    expect(answer).not.toMatch(/\r\nTransfer-Encoding:/)
  })

  // Some old clients leave it out, whatever version they speak: see docs/clients.md.
  it('and a Host is not asked for', async () => {
    await start()
    const login = `Authorization: ${basic(hosts.home)}\r\nX-Forwarded-For: ${callerV4}\r\n`
    for (const version of ['1.0', '1.1']) {
      const bytes = `GET /nic/update HTTP/${version}\r\n${login}Connection: close\r\n\r\n`
      const answer = await exchange(world.service.port, bytes)
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n(good|nochg) 9\.9\.9\.9$/s)
      expect(answer).not.toMatch(/\r\nTransfer-Encoding:/)
    }
  })
})
