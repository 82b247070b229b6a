import { afterEach, describe, expect, it } from 'vitest'
import { hosts, request, startWorld, type World } from '../support/world.js'

let world: World
afterEach(() => world.close())

const { user, token } = hosts.home
const encoded = (text: string, encoding: BufferEncoding = 'utf8') =>
  `Basic ${Buffer.from(text, encoding).toString('base64')}`

/** Calls with this Authorization header, and gives the answer. */
async function ask(authorization: string | undefined, path = '/register_ip'): Promise<string> {
  const headers = authorization === undefined ? {} : { authorization }
  const { status, body } = await request(`${world.url}${path}`, undefined, '203.0.113.7', { headers })
  return `${status} ${body}`
}

const lines = (msg: string) => world.log.filter((line) => line['msg'] === msg)

describe('the log says why a login failed', () => {
  it.each([
    [encoded(`${user}:s3cret`), /^the host is not in the database, or its token is another$/],
    [encoded(`other.example.com:${token}`), /^the host is not in the database, or its token is another$/],
    [encoded(`admin:${token}`), /^the user name is no full host name$/],
    [encoded(`:${token}`), /^the user name is no full host name$/],
    [encoded(`${user}:${token}\nx`), /^the login has a line break in it/],
    [encoded(`${user}:${token}\n\n`), /^the login has a line break in it/],
    [encoded(token), /^the login has no colon/],
    ['Basic', /^the login is not HTTP Basic/],
    [`Basic ${user}:${token}`, /^the login is not HTTP Basic/],
    [`Bearer ${token}`, /^the login is not HTTP Basic/],
    [encoded(`${user}:gr\xfc\xdf`, 'latin1'), /its token is another; the login is not UTF-8$/],
  ])('%s', async (authorization, reason) => {
    world = await startWorld()
    for (const path of ['/register_ip', '/nic/update'])
      expect(await ask(authorization, path)).toBe('401 badauth')
    const expected = { reason: expect.stringMatching(reason) }
    expect(lines('login failed')).toMatchObject([expected, expected])
    expect(lines('request')).toMatchObject([expected, expected])
    expect(world.printed()).not.toContain(token)
  })

  it('in a line of one length, whether the host is known or not', async () => {
    world = await startWorld()
    await ask(encoded(`${user}:s3cret`))
    await ask(encoded('what.example.com:s3cret'))
    const [known, unknown] = lines('login failed').map((line) => JSON.stringify({ ...line, time: 0 }).length)
    expect(known).toBe(unknown)
  })

  it('and that none was sent, which is no failed login', async () => {
    world = await startWorld()
    expect(await ask(undefined)).toBe('401 badauth')
    expect(lines('request')).toMatchObject([{ status: 401, reason: 'no login was sent' }])
    expect(lines('login failed')).toEqual([])
  })

  it('of each answer below 200 that it gives on an update path', async () => {
    world = await startWorld()
    const names = Array(21).fill('home.example.com').join()
    expect(await ask(encoded(`${user}:${token}`), `/nic/update?hostname=${names}`)).toBe('400 numhost')
    expect(lines('request')).toMatchObject([{ status: 400, reason: 'more than 20 hosts are named' }])
  })
})

describe('a login is read as its client wrote it', () => {
  it.each<[string, string]>([
    ['with a line feed at its end, as echo writes it', `${user}:${token}\n`],
    ['with a line break of Windows at its end', `${user}:${token}\r\n`],
  ])('%s', async (_, text) => {
    world = await startWorld()
    expect(await ask(encoded(text))).toBe('200 good 203.0.113.7')
  })

  it.each<[string, BufferEncoding]>([
    ['UTF-8', 'utf8'],
    ['Latin-1', 'latin1'],
  ])('in %s, whatever its letters, for all of its hosts', async (_, encoding) => {
    const name = 'xn--mnchen-3ya.example.com'
    const csv = `${name},grüß:gott\nnas.example.com,grüß:gott\nascii.example.com,Ã¼\n`
    world = await startWorld({ csv })
    const login = encoded('münchen.example.com:grüß:gott', encoding)
    expect(await ask(login)).toBe('200 good 203.0.113.7')
    expect(await ask(login, `/nic/update?hostname=${name},nas.example.com`)).toBe(
      '200 nochg 203.0.113.7\ngood 203.0.113.7',
    )
    expect(await ask(encoded('ascii.example.com:Ã¼', encoding))).toBe('200 good 203.0.113.7')
    expect(await ask(encoded('nas.example.com:gruss:gott', encoding))).toBe('401 badauth')
  })
})
