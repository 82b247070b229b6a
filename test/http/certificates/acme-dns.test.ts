import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hosts, request, startWorld, type World } from '../../support/world.js'
import { ask, challengeValue, failureOf, home, homeChallenge, textsAt, update } from './asking.js'

const csv = `home.example.com,${hosts.home.token}
nas.example.com,${hosts.home.token}
münchen.example.com,T0KEN-ü
cabin.example.com,cabin-token
`
const [one, other, third] = [challengeValue(1), challengeValue(2), challengeValue(3)]

let world: World
beforeEach(async () => {
  world = await startWorld({ csv })
})
afterEach(() => world.close())

describe('acme-dns', () => {
  it('keeps the newest two of its values, and all others', async () => {
    world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 60, values: ['"theirs"'] })
    await ask(world, '/present', challengeValue(9))
    for (const value of [one, other, third, challengeValue(4)]) {
      const { status, body } = await update(world, value)
      expect([status, body]).toEqual([200, JSON.stringify({ txt: value })])
    }
    expect(textsAt(world)).toEqual(['theirs', challengeValue(9), third, challengeValue(4)])
  })

  it('counts a value that is sent again as the newest', async () => {
    for (const value of [one, other, one, third]) await update(world, value)
    expect(textsAt(world)).toEqual([one, third])
  })

  it('takes both values of one order at the same time', async () => {
    await update(world, third)
    const answers = await Promise.all([update(world, one), update(world, other)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(textsAt(world)).toEqual([one, other])
  })

  it('writes for another host with the same token', async () => {
    expect((await update(world, one, { subdomain: 'NAS.example.com' })).status).toBe(200)
    expect(textsAt(world, '_acme-challenge.nas.example.com')).toEqual([one])
  })

  it('reads a token as UTF-8, as HTTP Basic does', async () => {
    const token = Buffer.from('T0KEN-ü').toString('latin1')
    const login = { user: 'xn--mnchen-3ya.example.com', token }
    expect((await update(world, one, { login, subdomain: login.user })).status).toBe(200)
  })

  it.each<[string, string, string, string]>([
    ['no host', 'home', one, '400 bad_subdomain'],
    ['an id as acme-dns makes them', 'eabcdb41-d89f-4580-826f-3e62e9755ef2', one, '400 bad_subdomain'],
    ['a shorter value', home, one.slice(1), '400 bad_txt'],
    ['another host', 'cabin.example.com', one, '403 forbidden'],
    ['a host that is not there', 'nobody.example.com', one, '403 forbidden'],
  ])('%s: in its own words', async (_, subdomain, txt, answer) => {
    expect(failureOf(await update(world, txt, { subdomain }))).toBe(answer)
    expect(world.route53.model.log.calls).toEqual([])
  })

  it('a wrong login is forbidden, and counts until it locks out', async () => {
    await world.close()
    world = await startWorld({ csv, env: { DYNDNS_LOGIN_FAILURES: '3' } })
    const logins = [
      { ...hosts.home, token: 'guessed' },
      { user: 'no host', token: 'x' },
      { user: 'x.example.com', token: 'x' },
    ]
    for (const login of logins) expect(failureOf(await update(world, one, { login }))).toBe('401 forbidden')
    expect(failureOf(await update(world, one))).toMatch(/^503 too many failed logins/)
  })

  it('no login is forbidden, and counts not', async () => {
    await world.close()
    world = await startWorld({ csv, env: { DYNDNS_LOGIN_FAILURES: '1' } })
    const post = { method: 'POST', body: JSON.stringify({ subdomain: home, txt: one }) }
    expect(failureOf(await request(`${world.url}/update`, undefined, undefined, post))).toBe('401 forbidden')
    // HTTP Basic is another client's.
    expect(failureOf(await request(`${world.url}/update`, hosts.home, undefined, post))).toBe('401 forbidden')
    expect((await update(world, one)).status).toBe(200)
  })

  it('nobody registers, and it is well', async () => {
    const answer = await request(`${world.url}/register`, undefined, undefined, { method: 'POST' })
    expect(failureOf(answer)).toMatch(/^403 nobody registers here: the user is a host name/)
    for (const path of ['/health', '/acme/health']) expect((await request(world.url + path)).status).toBe(200)
    expect((await request(`${world.url}/update`)).status).toBe(405)
  })
})
