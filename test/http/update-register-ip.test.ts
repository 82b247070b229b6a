import { afterEach, describe, expect, it } from 'vitest'
import {
  basic,
  exchange,
  hosts,
  request,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/world.js'

let world: World
const start = async (options?: WorldOptions) => {
  world = await startWorld(options)
  return world
}
afterEach(() => world.close())

describe('/register_ip', () => {
  it('writes the address of the caller, then leaves it alone, then follows it', async () => {
    const { register, held, route53, zone } = await start()
    expect(await register(hosts.home, '203.0.113.7')).toMatchObject({ status: 200, body: 'good 203.0.113.7' })
    expect(zone.get('home.example.com', 'A')).toMatchObject([{ ttl: 60, values: ['203.0.113.7'] }])
    expect(await register(hosts.home, '203.0.113.7')).toMatchObject({
      status: 200,
      body: 'nochg 203.0.113.7',
    })
    expect(await register(hosts.home, '203.0.113.8')).toMatchObject({ status: 200, body: 'good 203.0.113.8' })
    expect(held('home.example.com')).toEqual(['203.0.113.8'])
    expect(route53.model.log.statistics().writes).toBe(2)
  })

  it('finds what Route 53 already held before it started', async () => {
    const { register, zone, route53 } = await start()
    zone.put({ name: 'home.example.com', type: 'A', ttl: 60, values: ['203.0.113.7'] })
    expect(await register(hosts.home, '203.0.113.7')).toMatchObject({
      status: 200,
      body: 'nochg 203.0.113.7',
    })
    expect(route53.model.log.statistics().writes).toBe(0)
  })

  it('writes AAAA for IPv6 and leaves A alone', async () => {
    const { register, held } = await start()
    await register(hosts.home, '203.0.113.7')
    expect((await register(hosts.home, '2001:DB8:0::7')).body).toBe('good 2001:db8::7')
    expect((await register(hosts.home, '2001:db8::7')).body).toBe('nochg 2001:db8::7')
    expect(held('home.example.com')).toEqual(['203.0.113.7'])
    expect(held('home.example.com', 'AAAA')).toEqual(['2001:db8::7'])
  })

  it('unwraps IPv4-mapped IPv6', async () => {
    const { register } = await start()
    expect((await register(hosts.home, '::ffff:203.0.113.7')).body).toBe('good 203.0.113.7')
  })

  it('takes the address of the caller whatever the query says', async () => {
    const { register, held } = await start()
    const path = '/register_ip?ip=198.51.100.1&myip=198.51.100.2&hostname=cabin.example.com'
    expect((await register(hosts.home, '203.0.113.7', { path })).body).toBe('good 203.0.113.7')
    expect(held('cabin.example.com')).toEqual([])
  })

  it.each([
    ['upper case', 'HOME.Example.COM'],
    ['a trailing dot', 'home.example.com.'],
  ])('takes a user in %s', async (_, user) => {
    const { register } = await start()
    expect((await register({ ...hosts.home, user })).body).toBe('good 203.0.113.7')
  })

  it('takes an IDN in its own script', async () => {
    const { register, held } = await start({ csv: 'xn--mnchen-3ya.example.com,grüß:gott\n' })
    const answer = await register({ user: 'münchen.example.com', token: 'grüß:gott' })
    expect(answer.body).toBe('good 203.0.113.7')
    expect(held('xn--mnchen-3ya.example.com')).toEqual(['203.0.113.7'])
  })

  it('registers with POST too, whatever its body', async () => {
    const { register } = await start()
    const answer = await register(hosts.home, '203.0.113.7', { method: 'POST', body: 'myip=198.51.100.1' })
    expect(answer).toMatchObject({ status: 200, body: 'good 203.0.113.7' })
  })

  it.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('writes nothing on %s', async (method) => {
    const { register, route53 } = await start()
    const answer = await register(hosts.home, '203.0.113.7', { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, POST')
    expect(route53.model.log.calls).toEqual([])
  })

  it.each([
    ['no credentials', undefined],
    ['a wrong token', { ...hosts.home, token: 'wrong' }],
    ['an empty token', { ...hosts.home, token: '' }],
    ['the token of another host', { ...hosts.home, token: hosts.cabin.token }],
    ['an unknown host', { user: 'other.example.com', token: hosts.home.token }],
    ['a user that is no host name', { user: 'admin', token: hosts.home.token }],
    ['an empty user', { user: '', token: hosts.home.token }],
    ['a property of every object', { user: '__proto__', token: 'x' }],
  ])('asks for credentials on %s', async (_, login) => {
    const { register, route53 } = await start()
    const answer = await register(login)
    expect(answer).toMatchObject({ status: 401, body: 'badauth' })
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="dyndns53", charset="UTF-8"')
    expect(route53.model.log.calls).toEqual([])
  })

  it.each([
    ['another scheme', 'Bearer abc'],
    ['no base64', 'Basic %%%'],
    ['no colon', `Basic ${Buffer.from('home.example.com').toString('base64')}`],
    ['nothing', 'Basic'],
  ])('asks for credentials on %s in the header', async (_, authorization) => {
    const { url } = await start()
    const answer = await request(`${url}/register_ip`, undefined, undefined, { headers: { authorization } })
    expect(answer).toMatchObject({ status: 401, body: 'badauth' })
  })

  it('answers whole, plain and uncached', async () => {
    const { register } = await start()
    for (const answer of [await register(hosts.home), await register(undefined)]) {
      expect(answer.headers.get('content-length')).toBe(String(answer.body.length))
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.has('transfer-encoding')).toBe(false)
      expect(answer.headers.has('x-powered-by')).toBe(false)
    }
  })

  it('is not talked into a 304', async () => {
    const { register } = await start()
    await register(hosts.home)
    const answer = await register(hosts.home, undefined, { headers: { 'if-none-match': '*' } })
    expect(answer).toMatchObject({ status: 200, body: 'nochg 203.0.113.7' })
  })
})

describe('old modems', () => {
  it('may speak HTTP/1.0 without Host', async () => {
    const { service, held } = await start({ env: { DYNDNS_TRUST_PROXY: '0' } })
    const answer = await exchange(
      service.port,
      `GET /register_ip HTTP/1.0\r\nAuthorization: ${basic(hosts.home)}\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toContain('\r\nContent-Length: 14\r\n')
    expect(answer).toContain('\r\nConnection: close\r\n')
    expect(answer).toMatch(/\r\n\r\ngood 127\.0\.0\.1$/)
    expect(held('home.example.com')).toEqual(['127.0.0.1'])
  })

  it('may write the scheme in lower case', async () => {
    const { service, held } = await start({ env: { DYNDNS_TRUST_PROXY: '0' } })
    const answer = await exchange(
      service.port,
      `GET /register_ip HTTP/1.1\r\nHost: x\r\nConnection: close\r\nauthorization: ${basic(hosts.home).replace('Basic', 'basic')}\r\n\r\n`,
    )
    expect(answer).toMatch(/\r\n\r\ngood 127\.0\.0\.1$/)
    expect(held('home.example.com')).toEqual(['127.0.0.1'])
  })
})
