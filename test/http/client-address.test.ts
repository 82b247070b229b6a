import { afterEach, expect, it } from 'vitest'
import { hosts, request, startWorld, type World } from '../support/world.js'

let world: World
afterEach(() => world.close())

interface Row {
  what: string
  env: Record<string, string>
  forwarded: string
  expected: string
}
const noTrust = { DYNDNS_TRUST_PROXY: '' }
const heroku = { ...noTrust, DYNO: 'web.1' }

it.each<Row>([
  { what: 'off Heroku, a forged header', env: noTrust, forwarded: '198.51.100.66', expected: '127.0.0.1' },
  { what: 'on Heroku, the router’s entry', env: heroku, forwarded: '203.0.113.7', expected: '203.0.113.7' },
  {
    what: 'on Heroku, the last entry after a forged one',
    env: heroku,
    forwarded: '198.51.100.66, 203.0.113.7',
    expected: '203.0.113.7',
  },
  {
    what: 'two proxies, the last but one',
    env: { DYNDNS_TRUST_PROXY: '2' },
    forwarded: '198.51.100.66, 203.0.113.7, 192.0.2.1',
    expected: '203.0.113.7',
  },
  {
    what: 'trusted networks, the first that is not in them',
    env: { DYNDNS_TRUST_PROXY: '127.0.0.0/8,192.0.2.0/24' },
    forwarded: '198.51.100.66, 203.0.113.7, 192.0.2.1',
    expected: '203.0.113.7',
  },
  {
    what: 'a peer outside the trusted networks',
    env: { DYNDNS_TRUST_PROXY: '10.0.0.0/8' },
    forwarded: '198.51.100.66',
    expected: '127.0.0.1',
  },
])('takes $what', async ({ env, forwarded, expected }) => {
  world = await startWorld({ env })
  const check = await request(`${world.url}/check_ip`, undefined, forwarded)
  expect(check.body).toBe(expected)
  expect((await world.register(hosts.home, forwarded)).body).toBe(`good ${expected}`)
  expect(world.held('home.example.com')).toEqual([expected])
})

it.each([
  'not-an-ip',
  '203.0.113.7:port',
  '[203.0.113.7]',
  '2001:db8::7]',
  'fe80::1%eth0',
  '203.0.113',
  'unknown',
  '_hidden',
])('never registers %s', async (forwarded) => {
  world = await startWorld()
  expect(await world.register(hosts.home, forwarded)).toMatchObject({ status: 500, body: 'dnserr' })
  expect(world.route53.model.log.calls).toEqual([])
  expect((await request(`${world.url}/check_ip`, undefined, forwarded)).status).toBe(500)
})

it.each([
  ['203.0.113.7:4711', '203.0.113.7'],
  ['6.6.6.6:1, 203.0.113.7:65535', '203.0.113.7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['[2001:db8::7]:443', '2001:db8::7'],
  ['6.6.6.6, [::ffff:203.0.113.7]:443', '203.0.113.7'],
])('reads %s as Azure’s gateway and others write it', async (forwarded, expected) => {
  world = await startWorld()
  expect((await request(`${world.url}/check_ip`, undefined, forwarded)).body).toBe(expected)
  expect((await world.register(hosts.home, forwarded)).body).toBe(`good ${expected}`)
})

it('knows a trusted network by an entry with a port or brackets, too', async () => {
  world = await startWorld({ env: { DYNDNS_TRUST_PROXY: '127.0.0.0/8,192.0.2.0/24,2001:db8:1::/48' } })
  const forwarded = '6.6.6.6:1, 203.0.113.7:2, [2001:db8:1::1]:3, 192.0.2.1:4'
  expect((await request(`${world.url}/check_ip`, undefined, forwarded)).body).toBe('203.0.113.7')
})

it('says in the log what the proxy named that is no address, and not to trust it', async () => {
  world = await startWorld()
  await world.register(hosts.home, `unknown ${'x'.repeat(100)}`)
  const { reason } = world.log.find(({ outcome }) => outcome === 'refused') ?? {}
  expect(reason).toContain(`"unknown ${'x'.repeat(52)}" in X-Forwarded-For`)
  expect(reason).not.toContain('DYNDNS_TRUST_PROXY')
})

it('reads no other header', async () => {
  world = await startWorld()
  const headers = { 'x-real-ip': '198.51.100.1', forwarded: 'for=198.51.100.2', 'client-ip': '198.51.100.3' }
  const answer = await request(`${world.url}/check_ip`, undefined, '203.0.113.7', { headers })
  expect(answer.body).toBe('203.0.113.7')
})
