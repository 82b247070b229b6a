import { afterAll, describe, expect, it } from 'vitest'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const hosts = ['home', 'new', 'cname', 'twin', 'late', '*.dyn'].map((label) => `${label}.example.com`)
const csv = [...hosts, 'lost.example.org'].map((name) => `${name},T0KEN-of-all\n`).join('')

/** A world with a host of each kind; of `late`, the DNS answers what was there before. */
async function createWorld() {
  const world = await startProcessWorld({ csv })
  const zone = world.route53.model.addZone({ name: 'example.com' })
  const put = (name: string, type: string, ...values: string[]) =>
    zone.put({ name: `${name}.example.com`, type, ttl: 60, values })
  put('home', 'A', '192.0.2.1')
  put('home', 'AAAA', '2001:0DB8::1')
  put('cname', 'CNAME', 'home.example.com')
  put('twin', 'A', '192.0.2.2', '192.0.2.3')
  put('late', 'A', '192.0.2.4')
  put('*.dyn', 'A', '192.0.2.5')
  put('gone', 'A', '192.0.2.6')
  const before = [...world.dnsZones()]
  put('late', 'A', '192.0.2.40')
  world.dnsZones = () => before
  const status = (...args: string[]) => world.dyndns53('status', '--dns', world.dnsServer, ...args)
  return Object.assign(world, { status })
}

describe.concurrent('status', () => {
  it('says of each host what Route 53 holds and what the DNS answers', async () => {
    const { status: run, route53 } = await createWorld()
    const { status, stdout, stderr } = await run()
    expect(status).toBe(0)
    expect(stdout.toString().split('\n')).toEqual([
      'home.example.com   A 192.0.2.1, TTL 60 s, and the DNS answers the same',
      'home.example.com   AAAA 2001:db8::1, TTL 60 s, and the DNS answers the same',
      'new.example.com    no address record, and the DNS answers none: it has not registered yet',
      expect.stringMatching(/^cname\.example\.com {2}Route 53 holds at .* a CNAME, which is not ours/),
      expect.stringMatching(/^twin\.example\.com {3}Route 53 holds at .* an A record of 2 values/),
      expect.stringMatching(
        /^late.* A 192\.0\.2\.40, TTL 60 s, but the DNS answers 192\.0\.2\.4: after a change/,
      ),
      '*.dyn.example.com  A 192.0.2.5, TTL 60 s, and the DNS answers the same',
      expect.stringMatching(/^lost\.example\.org {3}no public hosted zone of this AWS account contains/),
      '',
    ])
    expect(stderr).toBe('7 hosts, 2 of them with an address that the DNS answers\n')
    expect(route53.model.log.statistics().writes).toBe(0)
  })

  it('says the same of one host as JSON', async () => {
    const { status: run } = await createWorld()
    const { status, stdout, stderr } = await run('HOME.example.com', 'twin.example.com', '--json')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const [home, twin, ...more] = JSON.parse(stdout.toString())
    expect(more).toEqual([])
    const own = { kind: 'own', ttlSeconds: 60, reason: null, dnsError: null }
    expect(home).toEqual({
      host: 'home.example.com',
      inDatabase: true,
      zone: 'example.com',
      problem: null,
      records: [
        { ...own, type: 'A', address: '192.0.2.1', answers: ['192.0.2.1'] },
        { ...own, type: 'AAAA', address: '2001:db8::1', answers: ['2001:db8::1'] },
      ],
    })
    expect(twin.records).toMatchObject([
      { type: 'A', kind: 'foreign', address: null, answers: ['192.0.2.2', '192.0.2.3'] },
      { type: 'AAAA', kind: 'absent', answers: [] },
    ])
  })

  it('shows what is left of a host that is not in the database', async () => {
    const { status: run } = await createWorld()
    const { status, stdout } = await run('gone.example.com')
    expect({ status, lines: stdout.toString().split('\n') }).toEqual({
      status: 0,
      lines: [
        'gone.example.com  A 192.0.2.6, TTL 60 s, and the DNS answers the same',
        'gone.example.com  not in the database: it may not register',
        '',
      ],
    })
  })

  it('says where the DNS gives no answer', async () => {
    const world = await createWorld()
    world.dnsZones = () => {
      throw new Error('broken')
    }
    const { status, stdout } = await world.status('home.example.com', 'new.example.com')
    expect(status).toBe(0)
    expect(stdout.toString()).toMatch(/^new.* no address record, and the DNS gives no answer \(ESERVFAIL\)/m)
    expect(stdout.toString()).toMatch(
      / A 192\.0\.2\.1, TTL 60 s, but the DNS gives no answer \(ESERVFAIL\)\n/,
    )
  })

  it.each([
    ['says what is missing', {}, /^dyndns53: DATABASE_URL is not set: .* in memory alone/],
    ['says why it cannot be read', { DATABASE_URL: 'postgres://u:P4SSWORD@127.0.0.1:1/x' }, /ECONNREFUSED/],
  ])('--stale without a history %s, and shows no host', async (_, change, message) => {
    const { run, dnsServer } = await createWorld()
    const args = ['status', '--stale', '7d', '--dns', dnsServer]
    const { status, stdout, stderr } = await run(args, change)
    expect({ status, out: stdout.length, stderr }).toEqual({
      status: 1,
      out: 0,
      stderr: expect.stringMatching(message),
    })
    expect(stderr).not.toContain('P4SSWORD')
  })

  it('says where Route 53 may not be asked', async () => {
    const world = await createWorld()
    world.route53.allow = ({ action }) => action !== 'ListResourceRecordSets'
    const { status, stdout, stderr } = await world.status()
    expect({ status, out: stdout.length }).toEqual({ status: 1, out: 0 })
    expect(stderr).toMatch(/^dyndns53: the AWS key may not do route53:ListResourceRecordSets: allow it/)
  })

  it.each([
    [['--dns', 'ns.example.com'], /^error: --dns takes the address of a DNS server/],
    [['home'], /full host name/],
    [['--stale'], /--stale <TIME>' argument missing/],
    [['--stale', '7'], /It takes hours, days or weeks, such as 12h, 7d or 2w\./],
    [['--stale', '0d'], /It takes hours, days or weeks/],
    [['--stale=-1d'], /It takes hours, days or weeks/],
  ])('%j is no way to call it', async (args, message) => {
    const { dyndns53 } = await createWorld()
    const { status, stderr } = await dyndns53('status', ...args)
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
  })
})
