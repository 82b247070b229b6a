import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { answersIn, converse, eventually } from '../hostile/wire.js'
import {
  type Answer,
  basic,
  bucket,
  hosts,
  key,
  type Login,
  startWorld,
  type World,
} from '../support/world.js'
import { ask, challengeValue, textsAt, update as updateChallenge } from './certificates/asking.js'

/** A host or token that is newer than the last look at the database. */

let world: World
afterEach(() => world.close())

const guest = { user: 'guest.example.com', token: 'guest-token' }
const renewed = { ...hosts.home, token: 'another-token' }
const wrong = { ...hosts.home, token: 'a-guess' }

const upload = (...logins: Login[]) =>
  world.s3.put(bucket, key, logins.map(({ user, token }) => `${user},${token}\n`).join(''))
const lines = (msg: string) => world.log.filter((line) => line['msg'] === msg)
const looks = () => world.s3.calls.slice(1)

describe('right after its upload', () => {
  it.each([
    ['a new host', guest],
    ['a new token', renewed],
  ])('%s is let in at its first call, and no failure is counted', async (_, login) => {
    world = await startWorld({ env: { DYNDNS_LOGIN_FAILURES: '1' } })
    upload(login)
    for (const path of ['/register_ip', '/nic/update']) {
      expect((await world.register(login, undefined, { path })).body).toMatch(/^(good|nochg) 203\.0\.113\.7$/)
    }
    expect(lines('login failed')).toEqual([])
    expect(world.held(login.user)).toEqual(['203.0.113.7'])
    expect(looks()).toHaveLength(1)
  })

  it('who is no longer in it, or has the old token, is refused as ever', async () => {
    world = await startWorld()
    upload(renewed, guest)
    expect((await world.register(wrong)).body).toBe('badauth')
    expect((await world.register(hosts.home)).body).toBe('badauth')
    expect((await world.register(hosts.cabin)).body).toBe('badauth')
    expect((await world.register(renewed)).body).toBe('good 203.0.113.7')
  })

  it('many that call in one packet are all let in', async () => {
    world = await startWorld()
    upload(guest)
    world.s3.inject({ kind: 'delay', ms: 200 })
    const bytes = `GET /register_ip HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(guest)}\r\n\r\n`
    const answers = answersIn(await converse(world.service.port, bytes.repeat(10)))
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200))
    expect(looks()).toHaveLength(1)
  })
})

describe('a newer database is looked for', () => {
  it('by its ETag, and once, however many logins fail, of known hosts or of others', async () => {
    world = await startWorld()
    for (const login of [wrong, { ...guest, token: 'x' }, hosts.home, wrong, guest])
      await world.register(login)
    await Promise.all(Array.from({ length: 50 }, (_, index) => world.register(wrong, `192.0.2.${index}`)))
    expect(looks()).toMatchObject([{ status: 304 }])
  })

  it.each([
    ['a wrong token', wrong, 1],
    ['an unknown host', guest, 1],
    ['a right login', hosts.home, 0],
    ['a user that is no host name', { user: 'home', token: 'x' }, 0],
    ['no login', undefined, 0],
  ])('for %s: %#', async (_, login, times) => {
    world = await startWorld()
    await world.register(login)
    expect(looks()).toHaveLength(times)
  })

  it('again after five seconds, but not for those who are locked out', async () => {
    world = await startWorld({ env: { DYNDNS_LOGIN_FAILURES: '1' } })
    await world.register(wrong)
    await sleep(5100)
    for (let times = 0; times < 3; times++) expect((await world.register(wrong)).body).toBe('911')
    expect(looks()).toHaveLength(1)
    await world.register(wrong, '198.51.100.66')
    expect(looks()).toHaveLength(2)
  })

  it('in vain where S3 refuses: nothing changes', async () => {
    world = await startWorld()
    upload(guest)
    world.s3.inject({ kind: 'refuse', status: 403, code: 'AccessDenied', message: '' })
    expect((await world.register(guest)).body).toBe('badauth')
    expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
    expect(lines('login failed')).toHaveLength(1)
  })
})

describe('a right login that names another host', () => {
  const nas = { user: 'nas.example.com', token: hosts.home.token }
  const [challenge, value] = ['_acme-challenge.nas.example.com', challengeValue(1)]
  const update = (...names: string[]) =>
    world.register(hosts.home, undefined, { path: `/nic/update?hostname=${names.join(',')}` })

  it('opens one that was just added with the same token, as each of several', async () => {
    world = await startWorld()
    upload(hosts.home, nas, { ...nas, user: 'tv.example.com' })
    expect((await update(nas.user)).body).toBe('good 203.0.113.7')
    const { body } = await update('tv.example.com', hosts.home.user, nas.user)
    expect(body.split('\n')).toEqual(['good 203.0.113.7', 'good 203.0.113.7', 'nochg 203.0.113.7'])
    expect(looks()).toMatchObject([{ status: 200 }])
    expect(lines('host not updated: it is unknown, or its token is another')).toEqual([])
  })

  it.each<[string, () => Promise<Answer>]>([
    ['/present', () => ask(world, '/present', value, { fqdn: challenge })],
    ['/update', () => updateChallenge(world, value, { subdomain: nas.user })],
  ])('sets the challenge of such a one by %s', async (_, send) => {
    world = await startWorld()
    upload(hosts.home, nas)
    expect((await send()).status).toBe(200)
    expect(textsAt(world, challenge)).toEqual([value])
  })

  it('hears nohost where the newest database has none, or another token for it, and S3 is asked once', async () => {
    world = await startWorld()
    for (const name of ['tv.example.com', hosts.cabin.user, 'tv.example.com']) {
      expect(await update(name)).toMatchObject({ status: 500, body: 'nohost' })
    }
    await Promise.all(Array.from({ length: 30 }, () => update('tv.example.com', 'x.example.com')))
    expect(
      (await ask(world, '/present', challengeValue(1), { fqdn: '_acme-challenge.tv.example.com' })).status,
    ).toBe(403)
    expect(looks()).toMatchObject([{ status: 304 }])
    expect(world.held(hosts.cabin.user)).toEqual([])
  })

  it('makes nobody look who only names hosts that it opens, or no host name', async () => {
    world = await startWorld()
    expect((await update(hosts.home.user)).body).toBe('good 203.0.113.7')
    expect((await update('nas')).body).toBe('notfqdn')
    expect(looks()).toEqual([])
  })

  it('has its other hosts written at once while S3 says nothing', async () => {
    world = await startWorld()
    world.s3.inject({ kind: 'stall' })
    const answer = update('tv.example.com', hosts.home.user)
    await eventually(() => world.held(hosts.home.user).length > 0)
    expect(lines('host not updated: it is unknown, or its token is another')).toEqual([])
    await world.service.close()
    expect((await answer).body.split('\n')).toEqual(['nohost', 'good 203.0.113.7'])
  })
})

it('while S3 says nothing, right logins go on, and the end of the service answers those that wait', async () => {
  world = await startWorld()
  world.s3.inject({ kind: 'stall' })
  const refused = world.register(wrong)
  expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
  expect(lines('login failed')).toEqual([])
  await world.service.close()
  expect((await refused).body).toBe('badauth')
})

it('guesses in one packet that all wait for the look are as many as one after the other', async () => {
  world = await startWorld()
  world.s3.inject({ kind: 'delay', ms: 300 })
  const bytes = `GET /register_ip HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(wrong)}\r\n\r\n`
  const answers = answersIn(await converse(world.service.port, bytes.repeat(100)))
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(20)
  expect(answers.filter(({ status }) => status === 503)).toHaveLength(80)
  await eventually(() => lines('login failed').length === 20)
})

describe('a caller that was locked out before the token came', () => {
  const from = '198.51.100.66'
  const locked = { status: 503, body: '911' }

  /** Three failures lock out, and a new version is looked for only when the test says so. */
  async function lockOut(login: Login): Promise<void> {
    world = await startWorld({ env: { DYNDNS_REFRESH_SECONDS: '0', DYNDNS_LOGIN_FAILURES: '3' } })
    for (let times = 0; times < 3; times++) expect((await world.register(login, from)).status).toBe(401)
    expect(await world.register(login, from)).toMatchObject(locked)
  }

  it.each([
    ['a new host', guest],
    ['a new token', renewed],
  ])('is let in with %s, and with nothing else', async (_, login) => {
    await lockOut(login)
    upload(login, hosts.cabin)
    expect(await world.register(login, from)).toMatchObject(locked)
    await world.service.refresh()
    expect((await world.register(login, from)).body).toBe(`good ${from}`)
    expect(await world.register({ ...login, token: 'a-guess' }, from)).toMatchObject(locked)
    expect(await world.register(hosts.cabin, from)).toMatchObject(locked)
    expect((await world.register(login, from)).body).toBe(`nochg ${from}`)
    expect(lines('login failed')).toHaveLength(3)
  })

  it('may guess at it no more often than it takes to be locked out', async () => {
    await lockOut(wrong)
    upload(renewed)
    await world.service.refresh()
    for (let times = 0; times < 3; times++) expect(await world.register(wrong, from)).toMatchObject(locked)
    expect(await world.register(renewed, from)).toMatchObject(locked)
    expect((await world.register(renewed, '203.0.113.7')).body).toBe('good 203.0.113.7')
  })

  it('is not let in when the file changed and its token did not', async () => {
    await lockOut(wrong)
    upload(hosts.home, guest)
    await world.service.refresh()
    expect(await world.register(hosts.home, from)).toMatchObject(locked)
  })
})
