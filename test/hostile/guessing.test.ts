import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Answer, basic, hosts, startWorld, type World } from '../support/world.js'
import { answersIn, converse, eventually, open } from './wire.js'

const failures = 20
const attacker = '198.51.100.66'

let world: World
beforeEach(async () => {
  world = await startWorld({ env: { DYNDNS_REFRESH_SECONDS: '0' } })
})
afterEach(() => world.close())

const guess = (from = attacker, init: RequestInit & { path?: string } = {}) =>
  world.register({ ...hosts.home, token: 'a-guess' }, from, init)

async function guessTimes(times: number, from?: (index: number) => string): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let index = 0; index < times; index++) answers.push(await guess(from?.(index)))
  return answers
}

/** A registration of home as one packet. */
const loginBytes = (from: string, token: string = hosts.home.token) =>
  `GET /register_ip HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${from}\r\nAuthorization: ${basic({ ...hosts.home, token })}\r\n\r\n`

const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status)
const lockouts = () => world.log.filter(({ msg }) => String(msg).startsWith('too many failed logins'))

function expectLocked({ status, body, headers }: Answer, seconds = 600): void {
  expect({ status, body }).toEqual({ status: 503, body: '911' })
  expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(seconds)
  expect(headers.has('www-authenticate')).toBe(false)
}

describe('after twenty failed logins', () => {
  it('the right password is refused too, with 911 and when to come back, and one line is logged', async () => {
    expect(new Set(statuses(await guessTimes(failures)))).toEqual(new Set([401]))
    for (const answer of await guessTimes(30)) expectLocked(answer)
    expectLocked(await world.register(hosts.home, attacker))
    expectLocked(await world.register(hosts.cabin, attacker, { path: '/nic/update?myip=203.0.113.9' }))
    expect(lockouts()).toMatchObject([{ from: attacker, seconds: 600 }])
    expect(world.log.filter(({ msg }) => msg === 'login failed')).toHaveLength(failures)
    expect(world.log.filter(({ msg, status }) => msg === 'request' && status === 503)).toEqual([])
  })

  it('a name that the database has is in the log, and no other: it may be a token in the wrong field', async () => {
    await world.register({ user: 'HOME.example.com', token: 'wrong' }, attacker)
    await world.register({ user: 'my.dear.t0ken', token: hosts.home.user }, attacker)
    await world.register({ user: 'my token', token: hosts.home.user }, attacker)
    const names = world.log.filter(({ msg }) => msg === 'login failed').map(({ host }) => host)
    expect(names).toEqual(['home.example.com', '?????????????', undefined])
  })

  it('the owner registers from elsewhere: nobody locks out a host', async () => {
    await guessTimes(failures + 5)
    expectLocked(await guess())
    expect((await world.register(hosts.home, '203.0.113.7')).body).toBe('good 203.0.113.7')
    expect((await guess('203.0.113.7')).status).toBe(401)
  })

  it('neither Route 53 nor S3 was asked for anything', async () => {
    const readsOfS3 = world.s3.calls.length
    await guessTimes(failures + 5)
    await guess(attacker, { path: '/nic/update?hostname=home.example.com&myip=6.6.6.6' })
    expect(world.route53.model.log.calls).toEqual([])
    expect(world.s3.calls).toHaveLength(readsOfS3)
  })

  it('/check_ip goes on', async () => {
    await guessTimes(failures)
    for (const path of ['/check_ip', '/checkip', '/check_ip?format=dyn']) {
      for (let times = 0; times < 10; times++) {
        const answer = await guess(attacker, { path })
        expect(answer.status).toBe(200)
        expect(answer.body).toContain(attacker)
      }
    }
  })

  it.each([19, 1])('and not before, after %d', async (times) => {
    await guessTimes(times)
    expect((await world.register(hosts.home, attacker)).body).toBe(`good ${attacker}`)
    expect(lockouts()).toEqual([])
  })

  it('on whatever paths, of whatever hosts, by whatever methods', async () => {
    const paths = ['/register_ip', '/nic/update', '//nic/update', '/v3/update', '/NIC/UPDATE?hostname=x']
    for (let index = 0; index < failures; index++) {
      const login = { user: `${index % 3 ? `h${index}` : 'home'}.example.com`, token: `guess-${index}` }
      const init = { path: paths[index % paths.length] ?? '', method: index % 2 ? 'POST' : 'GET' }
      expect((await world.register(login, attacker, init)).status).toBe(401)
    }
    expectLocked(await guess())
  })

  it('even where they come in one packet: as many are looked at as one after the other', async () => {
    const answers = answersIn(await converse(world.service.port, loginBytes(attacker, 'a-guess').repeat(100)))
    expect(answers).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(failures)
    expect(lockouts()).toHaveLength(1)
  })

  it('even where they come at once, on connections of their own', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => guess()))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(failures)
    expect(lockouts()).toHaveLength(1)
  })
})

it('callers without a readable address are not one caller, whom anybody could lock out', async () => {
  const named = { path: '/nic/update?myip=203.0.113.9' }
  for (let times = 0; times < failures + 5; times++)
    expect((await guess('198.51.100.66:port')).status).toBe(401)
  expect(await world.register(hosts.home, '203.0.113.7:port', named)).toMatchObject({
    body: 'good 203.0.113.9',
  })
})

describe('more failed logins at once than are answered at once', () => {
  it('are all answered in their turn, and who logs in right need not wait for them', async () => {
    let refused = 0
    const flood = Array.from({ length: 300 }, async (_, index) => {
      const { status, body } = await guess(`198.51.${index >> 8}.${index & 255}`)
      expect({ status, body }).toEqual({ status: 401, body: 'badauth' })
      refused += 1
    })
    await eventually(() => refused >= 200)
    expect((await world.register(hosts.home, '203.0.113.7')).body).toBe('good 203.0.113.7')
    await Promise.all(flood)
    expect((await guess('203.0.113.7')).status).toBe(401)
  })

  it('do not hold up what came behind them in one packet: it would wait in memory', async () => {
    const flood = Array.from({ length: 300 }, (_, index) => guess(`198.51.${index >> 8}.${index & 255}`))
    const behind = 'GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50)
    const { socket, received } = await open(world.service.port, loginBytes(attacker, 'a-guess') + behind)
    await eventually(() => received().split('\r\n\r\nnot found').length > 50)
    expect(statuses(answersIn(received()))).toEqual([401, ...Array(50).fill(404)])
    socket.destroy()
    await Promise.all(flood)
  })

  it('are hung up on when too many wait, but not before an answer that is due on the same connection', async () => {
    await world.close()
    world = await startWorld({ timing: { refusalsPerSecond: 1 } })
    const flood = Array.from({ length: failures }, () =>
      open(world.service.port, loginBytes(attacker, 'a-guess')),
    )
    await eventually(() => world.log.filter(({ msg }) => msg === 'login failed').length >= failures)
    world.route53.latencyMs = 200
    const both = loginBytes('203.0.113.7') + loginBytes('198.51.100.67', 'a-guess')
    const { closed, received } = await open(world.service.port, both)
    await closed
    const [first, ...more] = answersIn(received()).map(({ body }) => body)
    expect(first).toBe('good 203.0.113.7')
    expect([[], ['badauth']]).toContainEqual(more)
    for (const guesser of await Promise.all(flood)) {
      await guesser.closed
      const answers = answersIn(guesser.received()).map(({ body }) => body)
      expect([[], ['badauth']]).toContainEqual(answers)
    }
  })
})

describe('who is counted', () => {
  it.each<[string, (index: number) => string, string, string]>([
    [
      'an IPv6 network of 64 bits',
      (index) => `2001:db8:0:1:${index}::${index}`,
      '2001:db8:0:1:ffff::',
      '2001:db8:0:2::1',
    ],
    ['one IPv4 address', () => '203.0.113.7', '::ffff:203.0.113.7', '203.0.113.8'],
    [
      'the address that the trusted hop saw, whatever stands before it',
      (index) => `192.0.2.${index}, 203.0.113.7`,
      '6.6.6.6, 203.0.113.7',
      '203.0.113.7, 192.0.2.1',
    ],
  ])('%s', async (_, from, locked, free) => {
    await guessTimes(failures, from)
    expectLocked(await world.register(hosts.home, locked))
    expect((await world.register(hosts.home, free)).status).toBe(200)
  })

  it('off Heroku the peer, whatever X-Forwarded-For says', async () => {
    await world.close()
    world = await startWorld({ env: { DYNDNS_TRUST_PROXY: '' } })
    await guessTimes(failures, (index) => `192.0.2.${index}`)
    expectLocked(await world.register(hosts.home, '203.0.113.99'))
  })

  it('nobody for asking without credentials, as wget and OpenWrt first do', async () => {
    for (let times = 0; times < 3 * failures; times++) {
      const path = times % 2 ? '/nic/update' : '/register_ip'
      expect((await world.register(undefined, attacker, { path })).status).toBe(401)
    }
    expect((await world.register(hosts.home, attacker)).status).toBe(200)
  })

  it('nobody for logging in rightly, for unknown paths, or for what another site made a browser send', async () => {
    for (let times = 0; times < 2 * failures; times++) {
      await guess(attacker, { path: '/nowhere' })
      await guess(attacker, { headers: { 'sec-fetch-site': 'cross-site' } })
      await world.register(hosts.home, attacker)
    }
    expect((await world.register(hosts.home, attacker)).status).toBe(200)
  })
})

it('nobody is counted before there is a database to compare with', async () => {
  await world.close()
  world = await startWorld({ waitUntilLoaded: false, csv: '', timing: { waitMs: 20 } })
  for (const answer of await guessTimes(2 * failures)) expect(answer.headers.has('retry-after')).toBe(false)
  expect(lockouts()).toEqual([])
})

it('the limit and its time can be set; when it is over, it may be tried and locked again', async () => {
  await world.close()
  world = await startWorld({ env: { DYNDNS_LOGIN_FAILURES: '3', DYNDNS_LOCKOUT_SECONDS: '2' } })
  await guessTimes(3)
  expectLocked(await guess(), 2)
  await eventually(async () => (await world.register(hosts.home, attacker)).status === 200)
  await guessTimes(3)
  expectLocked(await guess(), 2)
  expect(lockouts()).toHaveLength(2)
})
