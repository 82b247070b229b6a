import { afterEach, describe, expect, it } from 'vitest'
import type { Call } from '../emulators/route53/calls.js'
import { bucket, hosts, key, request, startWorld, type World, type WorldOptions } from './support/world.js'

let world: World
afterEach(() => world.close())

const forever = Number.POSITIVE_INFINITY
const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'

async function start(options?: WorldOptions): Promise<void> {
  world = await startWorld(options)
}

/** The events of a kind, in their order. */
function published(kind: string) {
  return world.events.filter((event) => event.kind === kind)
}

/** What every registration of these tests has, unless it says otherwise. */
const registration = {
  kind: 'registration',
  host: 'home.example.com',
  type: 'A',
  address: '203.0.113.7',
  cause: undefined,
  ms: expect.any(Number),
  userAgent: 'router/1.0',
}
const headers = { 'user-agent': 'router/1.0' }

describe('a registration', () => {
  it('is published with what became of it, and what was written is published once', async () => {
    await start()
    await world.register(hosts.home, '203.0.113.7', { headers })
    await world.register(hosts.home, '203.0.113.7', { headers })
    await world.register(hosts.home, '203.0.113.8', { headers })
    expect(published('registration')).toEqual([
      { ...registration, outcome: 'good' },
      { ...registration, outcome: 'nochg' },
      { ...registration, outcome: 'good', address: '203.0.113.8' },
    ])
    const written = { kind: 'record-written', host: 'home.example.com', type: 'A' }
    expect(published('record-written')).toEqual([
      { ...written, address: '203.0.113.7', previous: undefined },
      { ...written, address: '203.0.113.8', previous: '203.0.113.7' },
    ])
  })

  it('of both families is two', async () => {
    await start()
    await world.register(hosts.home, undefined, { headers, path: '/nic/update?myip=203.0.113.7,2001:db8::7' })
    expect(published('registration')).toEqual([
      { ...registration, outcome: 'good' },
      { ...registration, outcome: 'good', type: 'AAAA', address: '2001:db8::7' },
    ])
  })

  it('that takes the records away has no address', async () => {
    await start()
    await world.register(hosts.home, '203.0.113.7')
    await world.register(hosts.home, undefined, { headers, path: '/nic/update?offline=YES' })
    expect(published('registration').slice(1)).toEqual([
      { ...registration, outcome: 'good', address: undefined },
      { ...registration, outcome: 'nochg', type: 'AAAA', address: undefined },
    ])
    expect(published('record-written')[1]).toMatchObject({ address: undefined, previous: '203.0.113.7' })
  })

  it.each([
    [
      'in-the-way',
      () => {
        world.zone.put({ name: 'home.example.com', type: 'CNAME', ttl: 60, values: ['x.example.net.'] })
      },
    ],
    [
      'delegated',
      () => {
        world.zone.put({ name: 'home.example.com', type: 'NS', ttl: 60, values: ['ns.example.net.'] })
      },
    ],
    ['no-zone', () => world.route53.model.addZone({ name: 'example.com' })],
    ['rejected', () => world.zone.protect('home.example.com', 'A', 'hands off')],
  ])('is published with why it is refused: %s', async (cause, prepare) => {
    await start()
    prepare()
    await world.register(hosts.home, '203.0.113.7', { headers })
    expect(published('registration')).toEqual([{ ...registration, outcome: 'refused', cause }])
    expect(published('record-written')).toEqual([])
    expect(world.log.find(({ msg }) => msg === 'registration')).toMatchObject({ outcome: 'refused', cause })
  })

  it('is published although there is no record that it asks for', async () => {
    await start({ env: { DYNDNS_ALLOW_PRIVATE: 'false' } })
    await world.register(hosts.home, '192.168.1.7', { headers })
    await world.register(hosts.home, '192.168.1.7', {
      headers,
      path: '/nic/update?ip6lanprefix=2a00:1:2:3::/64',
    })
    expect(published('registration')).toEqual([
      { ...registration, outcome: 'refused', cause: 'address', type: undefined, address: undefined },
      { ...registration, outcome: 'refused', cause: 'no-record', type: 'AAAA', address: undefined },
    ])
  })

  it.each([
    ['throttled', () => world.route53.inject({ kind: 'throttle', times: forever })],
    ['unreachable', () => world.route53.close()],
    ['lost', () => world.route53.inject({ kind: 'stall', times: forever })],
  ])('is published with why it is unavailable: %s', async (cause, trouble) => {
    await start({ timing: { waitMs: 1500, route53TimeoutMs: 300, closeMs: 100 } })
    await trouble()
    await world.register(hosts.home, '203.0.113.7', { headers })
    expect(published('registration')).toEqual([{ ...registration, outcome: 'unavailable', cause }])
  })
})

describe('what nobody waits for any more', () => {
  it('is published when it is written', async () => {
    await start({ timing: { waitMs: 300, route53TimeoutMs: 200 } })
    world.route53.inject({ kind: 'stall', times: 4 })
    await world.register(hosts.home)
    expect(published('record-written')).toEqual([])
    await expect.poll(() => published('record-written'), { timeout: 20_000 }).toHaveLength(1)
  })

  it('is published when it is given up', async () => {
    await start({
      env: { DYNDNS_GIVE_UP_SECONDS: '1' },
      timing: { waitMs: 300, route53TimeoutMs: 200, closeMs: 100 },
    })
    world.route53.inject({ kind: 'throttle', times: forever })
    await world.register(hosts.home)
    await expect.poll(() => published('record-given-up'), { timeout: 20_000 }).toHaveLength(1)
    const reason = expect.stringContaining('Throttling')
    expect(published('record-given-up')).toMatchObject([{ host: 'home.example.com', type: 'A', reason }])
  })
})

describe('a write whose answer was lost', () => {
  it('is published once, by what is found there', async () => {
    await start({ timing: { route53TimeoutMs: 300 } })
    await world.register(hosts.home, '203.0.113.7')
    world.route53.inject({ kind: 'apply-then-stall', on: isChange })
    expect((await world.register(hosts.home, '203.0.113.8')).body).toBe('good 203.0.113.8')
    expect(world.printed()).toContain('"fault":"lost"')
    await world.register(hosts.home, '203.0.113.8')
    expect(published('record-written').slice(1)).toMatchObject([
      { address: '203.0.113.8', previous: '203.0.113.7' },
    ])
  })
})

describe('calls to Route 53', () => {
  it('are published with what they changed and how they failed', async () => {
    await start()
    world.route53.inject({ kind: 'throttle' })
    await world.register(hosts.home)
    const call = { kind: 'route53-called', ms: expect.any(Number), changes: 0, fault: undefined }
    expect(published('route53-called')).toEqual([
      { ...call, operation: 'list-zones', fault: 'throttled' },
      { ...call, operation: 'list-zones' },
      { ...call, operation: 'list-record-sets' },
      { ...call, operation: 'change', changes: 1 },
    ])
  })

  it('that only the owner can mend are published with what to do', async () => {
    await start()
    world.zone.protect('home.example.com', 'A', 'hands off')
    await world.register(hosts.home)
    expect(published('route53-failed')).toMatchObject([
      { fault: 'rejected', host: 'home.example.com', reason: expect.stringContaining('hands off') },
    ])
    world.route53.allow = (call) => !isChange(call)
    await world.register(hosts.cabin)
    world.route53.allow = () => false
    await world.register(hosts.cabin, undefined, { path: '/nic/update?myip=2001:db8::1' })
    const denied = { fault: 'denied', reason: expect.stringContaining('AccessDenied') }
    expect(published('route53-failed').slice(1)).toMatchObject([
      { ...denied, host: 'cabin.example.com' },
      { ...denied, host: undefined },
    ])
  })
})

describe('failed logins', () => {
  it('are published one by one, and the lockout once', async () => {
    await start({ env: { DYNDNS_LOGIN_FAILURES: '2', DYNDNS_LOCKOUT_SECONDS: '60' } })
    const wrong = { ...hosts.home, token: 'a-guess' }
    for (const _ of [1, 2, 3]) await world.register(wrong, '2001:db8:1:2::3')
    await request(`${world.url}/register_ip`)
    expect(published('login-failed')).toEqual([{ kind: 'login-failed' }, { kind: 'login-failed' }])
    expect(published('locked-out')).toEqual([{ kind: 'locked-out', from: '2001:db8:1:2::', seconds: 60 }])
    expect(JSON.stringify(world.events)).not.toContain('a-guess')
  })

  it('are none where a newer database says that they are right', async () => {
    await start()
    world.s3.put(bucket, key, `${hosts.home.user},new-token\n`)
    expect((await world.register({ ...hosts.home, token: 'new-token' })).body).toMatch(/good|^203/)
    expect(published('login-failed')).toEqual([])
  })
})

describe('the host database', () => {
  it('is published when it is loaded, with the lines that are left out', async () => {
    await start()
    world.s3.put(bucket, key, `${hosts.home.user},${hosts.home.token}\nno-host\n`)
    await world.service.refresh()
    await world.service.refresh()
    expect(published('database-loaded')).toEqual([
      { kind: 'database-loaded', hosts: 2, problems: [] },
      { kind: 'database-loaded', hosts: 1, problems: [{ line: 2, reason: expect.any(String) }] },
    ])
  })

  it('is published when it has no host, or cannot be read', async () => {
    await start()
    world.s3.put(bucket, key, 'junk\n')
    await world.service.refresh()
    world.s3.inject({ kind: 'refuse', status: 403, code: 'AccessDenied', message: '', times: forever })
    await world.service.refresh()
    expect(published('database-unreadable')).toEqual([
      { kind: 'database-unreadable', reason: expect.stringContaining('no valid line') },
      { kind: 'database-unreadable', reason: expect.stringContaining('AccessDenied') },
    ])
    expect(published('database-loaded')).toHaveLength(1)
  })
})
