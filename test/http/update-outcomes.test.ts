import { afterEach, describe, expect, it } from 'vitest'
import { hosts, startWorld, type World } from '../support/world.js'

let world: World
afterEach(() => world.close())

const dnserr = { status: 500, body: 'dnserr' }
const later = { status: 503, body: '911' }

describe('dnserr: what can never succeed as things stand', () => {
  it.each([
    ['a CNAME', { name: 'home.example.com', type: 'CNAME', ttl: 60, values: ['elsewhere.example.net.'] }],
    [
      'an alias',
      {
        name: 'home.example.com',
        type: 'A',
        aliasTarget: { hostedZoneId: 'Z2', dnsName: 'lb.example.net.', evaluateTargetHealth: false },
        values: [],
      },
    ],
    [
      'a weighted set',
      {
        name: 'home.example.com',
        type: 'A',
        ttl: 60,
        values: ['192.0.2.1'],
        setIdentifier: 'blue',
        weight: 1,
      },
    ],
    ['several values', { name: 'home.example.com', type: 'A', ttl: 60, values: ['192.0.2.1', '192.0.2.2'] }],
  ])('%s at the name is never overwritten, and the log says what to do', async (_, recordSet) => {
    world = await startWorld()
    world.zone.put(recordSet)
    const before = JSON.stringify(world.zone.records())
    expect(await world.register(hosts.home)).toMatchObject(dnserr)
    expect(JSON.stringify(world.zone.records())).toBe(before)
    expect(world.route53.model.log.statistics().writes).toBe(0)
    const line = world.log.find(({ msg }) => msg === 'registration')
    expect(line).toMatchObject({ host: 'home.example.com', outcome: 'refused' })
    expect(line?.['reason']).toMatch(/Route 53 holds at home\.example\.com .*delete it there/)
  })

  it('no zone contains the name', async () => {
    world = await startWorld({ csv: 'home.example.org,t\n' })
    expect(await world.register({ user: 'home.example.org', token: 't' })).toMatchObject(dnserr)
    expect(world.printed()).toContain('no public hosted zone of this AWS account contains home.example.org')
  })

  it('two public zones have the same name', async () => {
    world = await startWorld()
    world.route53.model.addZone({ name: 'example.com' })
    expect(await world.register(hosts.home)).toMatchObject(dnserr)
    expect(world.printed()).toContain('name the right one in DYNDNS_ZONE_IDS')
  })

  it.each(['ErrorResponse', 'InvalidChangeBatch'] as const)('a protected record (%s)', async (form) => {
    world = await startWorld()
    world.route53.invalidChangeBatchForm = form
    world.zone.protect('home.example.com', 'A', 'hands off')
    expect(await world.register(hosts.home)).toMatchObject(dnserr)
    expect(world.printed()).toContain('Route 53 rejects the change of home.example.com')
    const { writes } = world.route53.model.log.statistics()
    expect(await world.register(hosts.home)).toMatchObject(dnserr)
    expect(world.route53.model.log.statistics().writes).toBe(writes)
  })
})

describe('911: while Route 53 is not to be had', () => {
  it.each([
    ['it cannot be reached', async () => world.route53.close()],
    ['it throttles', () => world.route53.inject({ kind: 'throttle', times: Number.POSITIVE_INFINITY })],
    [
      'it answers 500',
      () =>
        world.route53.inject({ kind: 'raw', status: 500, body: '<html>', times: Number.POSITIVE_INFINITY }),
    ],
    ['it never answers', () => world.route53.inject({ kind: 'stall', times: Number.POSITIVE_INFINITY })],
    ['it denies everything', () => Object.assign(world.route53, { allow: () => false })],
    ['it does not know the key', () => Object.assign(world.route53, { accessKeyId: 'AKIAOTHER' })],
  ])('%s', async (_, fault) => {
    world = await startWorld({ timing: { waitMs: 300, closeMs: 50, route53TimeoutMs: 100 } })
    await fault()
    expect(await world.register(hosts.home)).toMatchObject(later)
    expect(world.held('home.example.com')).toEqual([])
  })
})

describe('zones', () => {
  it('writes to the longest zone that contains the name, on label boundaries, and never to a private one', async () => {
    world = await startWorld({ csv: 'a.b.sub.example.com,t\n' })
    const { model } = world.route53
    const sub = model.addZone({ name: 'sub.example.com' })
    model.addZone({ name: 'b.sub.example.com', private: true })
    model.addZone({ name: 'ub.example.com' })
    await world.register({ user: 'a.b.sub.example.com', token: 't' })
    expect(sub.get('a.b.sub.example.com', 'A')).toHaveLength(1)
  })

  it('finds the zone among more than a page of zones', async () => {
    world = await startWorld({ csv: 'home.zone-249.example,t\n' })
    const zones = Array.from({ length: 250 }, (_, index) =>
      world.route53.model.addZone({ name: `zone-${index}.example` }),
    )
    expect((await world.register({ user: 'home.zone-249.example', token: 't' })).body).toBe(
      'good 203.0.113.7',
    )
    expect(zones[249]?.get('home.zone-249.example', 'A')).toHaveLength(1)
  })

  it('uses only the zones that DYNDNS_ZONE_IDS names, and lists none', async () => {
    world = await startWorld({ env: { DYNDNS_ZONE_IDS: 'ZNAMED0000001' } })
    const named = world.route53.model.addZone({ id: 'ZNAMED0000001', name: 'example.com' })
    expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
    expect(named.get('home.example.com', 'A')).toHaveLength(1)
    expect(world.held('home.example.com')).toEqual([])
    expect(world.route53.model.log.calls.map(({ action }) => action)).not.toContain('ListHostedZones')
  })

  it.each(['private', 'missing'])('says that a named zone is %s', async (what) => {
    world = await startWorld({ env: { DYNDNS_ZONE_IDS: 'ZNAMED0000001' } })
    if (what === 'private')
      world.route53.model.addZone({ id: 'ZNAMED0000001', name: 'example.com', private: true })
    expect(await world.register(hosts.home)).toMatchObject(dnserr)
    expect(world.printed()).toContain('DYNDNS_ZONE_IDS names a zone that is private or does not exist')
  })

  it('honours DYNDNS_TTL', async () => {
    world = await startWorld({ env: { DYNDNS_TTL: '300' } })
    await world.register(hosts.home)
    expect(world.zone.get('home.example.com', 'A')).toMatchObject([{ ttl: 300 }])
  })
})

describe('the log', () => {
  it('has a line for each request and each registration, and no secret', async () => {
    world = await startWorld()
    await world.register(hosts.home, '203.0.113.7', { path: '/register_ip?token=QUERY-CANARY&myip=1.2.3.4' })
    await world.register({ user: 'home.example.com', token: 'WRONG-CANARY' })
    await world.register({ user: 'SWAPPED-CANARY.example', token: 'x' })
    await world.close()
    expect(world.log.find(({ msg }) => msg === 'registration')).toMatchObject({
      host: 'home.example.com',
      address: '203.0.113.7',
      outcome: 'good',
      changeId: expect.stringMatching(/^C/),
      ms: expect.any(Number),
    })
    const requests = world.log.filter(({ msg }) => msg === 'request')
    expect(requests).toMatchObject([
      { method: 'GET', path: '/register_ip', status: 200, address: '203.0.113.7' },
      { path: '/register_ip', status: 401 },
      { path: '/register_ip', status: 401 },
    ])
    const secrets = [hosts.home.token, process.env['AWS_SECRET_ACCESS_KEY'], 'CANARY', 'Basic ', 'canary']
    for (const secret of secrets) expect(world.printed()).not.toContain(secret)
    expect(world.printed()).not.toContain(Buffer.from(hosts.home.token).toString('base64').slice(4, 20))
  })

  it('names bad lines of the database without their tokens, and serves the good ones', async () => {
    world = await startWorld({
      csv: `bad\n${hosts.home.user},${hosts.home.token}\nx y,CANARY\ncabin.example.com,"CANARY\n`,
    })
    expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
    const lines = world.log
      .filter(({ msg }) => msg === 'host database: line left out')
      .map(({ line }) => line)
    expect(lines).toEqual([1, 3, 4])
    expect(world.printed()).not.toContain('CANARY')
  })
})
