import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answersIn } from '../../hostile/wire.js'
import { exchange, hosts, startWorld, type World } from '../../support/world.js'
import { ask, challengeValue, failureOf, home, homeChallenge, textsAt } from './asking.js'

const csv = `home.example.com,${hosts.home.token}
nas.example.com,${hosts.home.token}
*.wild.example.com,wild-token
cabin.example.com,cabin-token
`
const [one, other] = [challengeValue(1), challengeValue(2)]

let world: World
beforeEach(async () => {
  world = await startWorld({ csv })
})
afterEach(() => world.close())

describe('a challenge', () => {
  it('is set beside another, answered with what was sent, and cleaned up one by one', async () => {
    const first = await ask(world, '/present', one)
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(first.body).toBe(JSON.stringify({ fqdn: `${homeChallenge}.`, value: one }))
    await ask(world, '/present', other)
    expect(textsAt(world)).toEqual([one, other])
    expect(world.zone.get(homeChallenge, 'TXT')[0]?.ttl).toBe(60)
    expect((await ask(world, '/cleanup', one)).body).toBe(first.body)
    expect(textsAt(world)).toEqual([other])
    await ask(world, '/cleanup', other)
    expect(world.zone.get(homeChallenge, 'TXT')).toEqual([])
  })

  it('may be set and cleaned up twice', async () => {
    for (const path of ['/present', '/present', '/cleanup', '/cleanup']) {
      expect((await ask(world, path, one)).status).toBe(200)
    }
    expect(world.route53.model.log.statistics().writes).toBe(2)
  })

  it('keeps a value of somebody else', async () => {
    world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 300, values: ['"by hand"', '"and another"'] })
    await ask(world, '/present', one)
    expect(textsAt(world)).toEqual(['by hand', 'and another', one])
    await ask(world, '/cleanup', one)
    expect(textsAt(world)).toEqual(['by hand', 'and another'])
  })

  it.each(['/acme/present', '//present', '/present/', '/PRESENT', '//acme//present', '/acme/present/'])(
    'is set at %s',
    async (path) => {
      expect((await ask(world, path, one)).status).toBe(200)
      expect((await ask(world, path.replace(/present/i, 'CleanUp'), one)).status).toBe(200)
      expect(textsAt(world)).toEqual([])
    },
  )

  it.each([homeChallenge, `${homeChallenge}.`, '_ACME-Challenge.HOME.example.com'])(
    'of %s is set, and the name is answered as it was sent',
    async (fqdn) => {
      expect(JSON.parse((await ask(world, '/present', one, { fqdn })).body)).toEqual({ fqdn, value: one })
      expect(textsAt(world)).toEqual([one])
    },
  )

  it.each([undefined, 'application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=utf-8'])(
    'is read as JSON, called %s',
    async (type) => {
      const headers = type === undefined ? {} : { 'content-type': type }
      expect((await ask(world, '/present', one, { headers })).status).toBe(200)
    },
  )

  it.each([home, `*.${home}`])(
    'of lego’s RAW mode is derived from the key authorization, for %s',
    async (domain) => {
      const raw = { domain, token: 'a-token', keyAuth: 'a-token.a-thumbprint' }
      const value = createHash('sha256').update(raw.keyAuth).digest('base64url')
      const answer = await ask(world, '/present', 'no value', { body: JSON.stringify(raw) })
      expect([answer.status, JSON.parse(answer.body)]).toEqual([200, raw])
      expect(textsAt(world)).toEqual([value])
      await ask(world, '/cleanup', 'no value', { body: JSON.stringify(raw) })
      expect(textsAt(world)).toEqual([])
    },
  )
})

describe('whose', () => {
  const wild = { user: '*.wild.example.com', token: 'wild-token' }

  it('another host with the same token may be named', async () => {
    expect((await ask(world, '/present', one, { fqdn: '_acme-challenge.nas.example.com.' })).status).toBe(200)
    expect(textsAt(world, '_acme-challenge.nas.example.com')).toEqual([one])
  })

  it('a wildcard host writes the name below its asterisk', async () => {
    const fqdn = '_acme-challenge.wild.example.com.'
    expect((await ask(world, '/present', one, { fqdn, login: wild })).status).toBe(200)
    expect(textsAt(world, '_acme-challenge.wild.example.com')).toEqual([one])
  })

  it.each([
    ['the host itself', home],
    ['a host with another token', '_acme-challenge.cabin.example.com.'],
    ['a host that is not there', '_acme-challenge.nobody.example.com.'],
    ['a name below the own', `_acme-challenge.sub.${home}.`],
    ['a name above the own', '_acme-challenge.example.com.'],
    ['another record of the own', `_dmarc.${home}.`],
    ['the prefix twice', `_acme-challenge.${homeChallenge}`],
    ['the prefix in another place', `x.${homeChallenge}`],
  ])('%s is refused, and nothing is written', async (_, fqdn) => {
    for (const path of ['/present', '/cleanup']) {
      expect(failureOf(await ask(world, path, one, { fqdn }))).toBe(
        `403 this login may write the challenge at ${homeChallenge}, and those of hosts with the same token`,
      )
    }
    expect(world.route53.model.log.calls).toEqual([])
    expect(world.log.filter(({ msg }) => String(msg).startsWith('challenge not written'))).toHaveLength(2)
  })
})

describe('what is no challenge', () => {
  it.each<[string, string, string]>([
    ['no JSON', 'value=x', 'send a JSON object with the texts fqdn and value'],
    ['nothing', '', 'send a JSON object'],
    ['no object', '"fqdn"', 'send a JSON object'],
    ['null', 'null', 'send a JSON object'],
    ['a number for a value', JSON.stringify({ fqdn: homeChallenge, value: 7 }), 'send a JSON object'],
    ['no value', JSON.stringify({ fqdn: homeChallenge }), 'send a JSON object'],
    ['no full name', JSON.stringify({ fqdn: 'home', value: one }), 'fqdn is no full name'],
    [
      'an asterisk',
      JSON.stringify({ fqdn: `_acme-challenge.*.${home}`, value: one }),
      'fqdn is no full name',
    ],
    [
      'a longer value',
      JSON.stringify({ fqdn: homeChallenge, value: `${one}x` }),
      'value is no DNS-01 challenge',
    ],
    [
      'quotes',
      JSON.stringify({ fqdn: homeChallenge, value: `${one.slice(1)}"` }),
      'value is no DNS-01 challenge',
    ],
    ['an empty value', JSON.stringify({ fqdn: homeChallenge, value: '' }), 'value is no DNS-01 challenge'],
    ['no domain', JSON.stringify({ domain: '', token: 't', keyAuth: 'k' }), 'domain is no full host name'],
    [
      'a domain that is too long',
      JSON.stringify({ domain: `${'a.'.repeat(124)}com`, keyAuth: 'k' }),
      'domain is no',
    ],
  ])('%s: 400, and a sentence', async (_, body, sentence) => {
    for (const path of ['/present', '/cleanup']) {
      expect(failureOf(await ask(world, path, one, { body }))).toMatch(`400 ${sentence}`)
    }
    expect(world.route53.model.log.calls).toEqual([])
  })

  it('a body that is too large or compressed is refused before it has come', async () => {
    const head = 'POST /present HTTP/1.1\r\nHost: x\r\n'
    for (const rest of [
      'Content-Length: 100000000\r\n\r\n{',
      'Content-Encoding: gzip\r\nContent-Length: 9000\r\n\r\n{',
      `Transfer-Encoding: chunked\r\n\r\n2000\r\n${'x'.repeat(0x2000)}`,
    ]) {
      const [answer] = answersIn(await exchange(world.service.port, head + rest))
      expect(answer?.status).toBe(400)
      expect(answer?.body).toBe('{"error":"send at most 4096 bytes of JSON, not compressed"}')
    }
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('%s is no method of it', async (method) => {
    const answer = await ask(world, '/present', one, { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe('guards', () => {
  it('a missing login is asked for, and a wrong one counts until it locks out, the right one too', async () => {
    await world.close()
    world = await startWorld({ csv, env: { DYNDNS_LOGIN_FAILURES: '3' } })
    const missing = await ask(world, '/present', one, { login: undefined })
    expect(failureOf(missing)).toMatch(/^401 log in with HTTP Basic: /)
    expect(missing.headers.get('www-authenticate')).toBe('Basic realm="dyndns53", charset="UTF-8"')
    const wrong = { ...hosts.home, token: 'guessed' }
    for (const path of ['/present', '/cleanup', '/present']) {
      expect(failureOf(await ask(world, path, one, { login: wrong }))).toMatch(/^401 the host is unknown or /)
    }
    const locked = await ask(world, '/present', one)
    expect(failureOf(locked)).toMatch(/^503 too many failed logins/)
    expect(locked.headers.has('retry-after')).toBe(true)
    expect((await world.register(hosts.home)).body).toBe('911')
    expect((await ask(world, '/present', one, { from: '198.51.100.1' })).status).toBe(200)
  })

  it.each(['cross-site', 'same-site'])(
    'what a page of another site sends (%s) changes nothing',
    async (site) => {
      const answer = await ask(world, '/present', one, { headers: { 'sec-fetch-site': site } })
      expect([answer.status, textsAt(world)]).toEqual([403, []])
      expect(answer.body).toContain('Nothing was changed')
    },
  )

  it('waits for the database', async () => {
    const before = await startWorld({
      s3Faults: [{ kind: 'refuse', status: 503, code: 'SlowDown', message: 'no', times: 99 }],
      waitUntilLoaded: false,
    })
    expect(failureOf(await ask(before, '/present', one))).toMatch(/^503 the host database is not loaded yet/)
    await before.close()
  })

  it('is not there where it is switched off', async () => {
    await world.close()
    world = await startWorld({ csv, env: { DYNDNS_CERTIFICATES: 'false' } })
    for (const path of ['/present', '/cleanup', '/update', '/register', '/health', '/acme/present']) {
      const answer = await ask(world, path, one)
      expect([answer.status, answer.body]).toEqual([404, 'not found'])
    }
  })

  it('logs the path, the name and the outcome, and no value', async () => {
    await ask(world, '/acme/present', one)
    await ask(world, '/cleanup', one)
    expect(world.log.filter(({ msg }) => msg === 'request')).toMatchObject([
      { method: 'POST', path: '/acme/present', status: 200 },
      { method: 'POST', path: '/cleanup', status: 200 },
    ])
    expect(world.log.filter(({ msg }) => msg === 'challenge')).toMatchObject([
      { name: homeChallenge, action: 'present', outcome: 'good' },
      { name: homeChallenge, action: 'clean up', outcome: 'good' },
    ])
    expect(world.printed()).not.toContain(one)
  })

  it('logs why a request was refused', async () => {
    await ask(world, '/present', one, { fqdn: '_acme-challenge.stranger.example.org.' })
    await ask(world, '/present', 'too-short')
    expect(world.log.filter(({ msg }) => msg === 'request')).toMatchObject([
      {
        status: 403,
        reason: expect.stringMatching(/^this login may write the challenge at _acme-challenge\.home/),
      },
      { status: 400, reason: expect.stringMatching(/^value is no DNS-01 challenge/) },
    ])
    const [request] = world.log.filter(({ msg }) => msg === 'request')
    expect(world.log.find(({ msg }) => String(msg).startsWith('challenge not written'))).toMatchObject({
      id: request?.['id'],
      asked: expect.stringMatching(/^[?]+$/),
    })
  })
})
