import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hosts, type World } from '../../support/world.js'
import { callerV4, startPublicWorld } from '../nic.js'
import { browser } from './person.js'

let world: World
beforeEach(async () => {
  world = await startPublicWorld({ env: { DYNDNS_URL: 'https://dyn.example.net/base' } })
})
afterEach(() => world.close())

/** Presses the button of the host's page, as a browser sends it with these headers. */
const press = (headers: Record<string, string>, login = hosts.home) =>
  world.register(login, callerV4, { path: '/host', method: 'POST', headers: { ...browser, ...headers } })
const own = () => new URL(world.url).origin

describe('the button', () => {
  it('registers, and leads back to the page', async () => {
    const { status, headers, body } = await press({ 'sec-fetch-site': 'same-origin' })
    expect([status, headers.get('location'), body]).toEqual([303, '/base/host', ''])
    expect(world.held('home.example.com')).toEqual([callerV4])
  })

  it.each(['cross-site', 'same-site', 'none'])('does nothing where the browser says %s', async (site) => {
    const answer = await press({ 'sec-fetch-site': site, origin: own() })
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('Another web site sent your browser here')
    expect(world.held('home.example.com')).toEqual([])
  })

  it('registers where only the origin is told, and it is ours', async () => {
    expect((await press({ origin: own() })).status).toBe(303)
    expect((await press({ origin: 'https://dyn.example.net' })).status).toBe(303)
  })

  it.each([
    'http://evil.test',
    'null',
    'https://dyn.example.net.evil.test',
    'http://127.0.0.1:1',
    '',
    'data:,x',
  ])('does nothing where the origin is %j', async (origin) => {
    expect((await press({ origin })).status).toBe(403)
    expect(world.held('home.example.com')).toEqual([])
  })

  it('does nothing where neither is told', async () => {
    expect((await press({})).status).toBe(403)
    expect(world.held('home.example.com')).toEqual([])
  })

  it('is for whoever has the token', async () => {
    expect(
      (await press({ 'sec-fetch-site': 'same-origin' }, { ...hosts.home, token: 'wrong' as never })).status,
    ).toBe(401)
    expect(world.held('home.example.com')).toEqual([])
  })
})
