import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { type Collector, hasOpenssl, startCollector } from '../hostile/collector.js'
import { type ProcessWorld, type Running, startProcessWorld } from '../support/processes.js'
import { hosts } from '../support/world.js'

const document = readFileSync(new URL('../../docs/monitoring.md', import.meta.url), 'utf8')
/** Each NRQL query of the document. */
const queries = [...document.matchAll(/```sql\n(.+?)\n```/gs)].map(([, query = '']) => query)

/** Words of NRQL in these queries; every other word is a name of ours. */
const nrql = new Set(
  'SELECT FROM WHERE FACET SINCE AND IN TIMESERIES count latest max day ago Metric metricTimesliceName newrelic.timeslice.value'.split(
    ' ',
  ),
)

describe.skipIf(!hasOpenssl)('New Relic', () => {
  let collector: Collector
  let world: ProcessWorld
  let running: Running

  beforeEach(async () => {
    collector = await startCollector()
    const csv = Object.values(hosts).map(({ user, token }) => `${user},${token}\n`)
    world = await startProcessWorld({
      csv: csv.join(''),
      zones: ['example.com'],
      env: { DYNDNS_TRUST_PROXY: '1', DYNDNS_LOGIN_FAILURES: '1' },
    })
  })
  afterEach(async () => {
    await world.close()
    await collector.close()
  })

  async function start(env: Record<string, string> = {}): Promise<void> {
    running = await world.start({ ...collector.env, ...env })
    await expect.poll(() => sent('connect').length, { timeout: 20_000 }).toBeGreaterThan(0)
  }

  const sent = (method: string) => collector.sent.filter((call) => call.method === method)

  /** Ends the server, which sends what it has; returns the events by their type, without what the agent adds. */
  async function end(): Promise<Record<string, unknown>[]> {
    running.process.child.kill('SIGTERM')
    expect(await running.process.exited).toBe(0)
    const events = sent('custom_event_data').flatMap(({ body }) => JSON.parse(body)[1])
    return events.map(([{ type }, attributes]) => ({ type, ...attributes }))
  }

  /** Of each metric of ours: how many values, their sum, the least and the greatest. */
  function metrics(): Map<string, number[]> {
    const all = sent('metric_data').flatMap(({ body }) => JSON.parse(body)[3])
    const ours = all.filter(([{ name }]) => name.startsWith('Custom/'))
    const added = new Map<string, number[]>()
    for (const [{ name }, [count, total, , min, max]] of ours) {
      const before = added.get(name) ?? [0, 0, min, max]
      added.set(name, [
        before[0] + count,
        before[1] + total,
        Math.min(before[2] ?? 0, min),
        Math.max(before[3] ?? 0, max),
      ])
    }
    return added
  }

  it('gets an event for each registration, with the host and without its address', async () => {
    await start()
    await running.register(hosts.home, '203.0.113.7')
    await running.register(hosts.home, '203.0.113.7')
    world.route53.model
      .zones()[0]
      ?.put({ name: hosts.cabin.user, type: 'CNAME', ttl: 60, values: ['x.example.net.'] })
    await running.register(hosts.cabin, '203.0.113.7', '/nic/update?myip=2001:db8::7')
    const event = {
      type: 'DyndnsRegistration',
      host: 'home.example.com',
      family: 'ipv4',
      milliseconds: expect.any(Number),
      client: 'node',
    }
    const refused = { outcome: 'refused', cause: 'in-the-way', family: 'ipv6', host: 'cabin.example.com' }
    const events = await end()
    // The agent sends them in an order of its own.
    expect(events).toHaveLength(3)
    expect(events).toEqual(
      expect.arrayContaining([
        { ...event, outcome: 'good' },
        { ...event, outcome: 'nochg' },
        { ...event, ...refused },
      ]),
    )
    for (const { method, body } of collector.sent)
      expect([method, body]).not.toEqual([
        expect.stringMatching(/^(custom|metric)/),
        expect.stringContaining('203.0.113'),
      ])
  })

  it('gets addresses where the owner asks for it', async () => {
    await start({ DYNDNS_NEW_RELIC_ADDRESSES: 'true' })
    await running.register(hosts.home, '203.0.113.7')
    expect(await end()).toMatchObject([{ host: 'home.example.com', address: '203.0.113.7' }])
  })

  it('gets the figures, and the queries of docs/monitoring.md name nothing else', async () => {
    await start()
    world.route53.inject({ kind: 'throttle' })
    await running.register(hosts.home, '203.0.113.7')
    world.route53.model
      .zones()[0]
      ?.put({ name: hosts.cabin.user, type: 'CNAME', ttl: 60, values: ['x.example.net.'] })
    await running.register(hosts.cabin, '203.0.113.7')
    const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'
    world.route53.allow = (call) => !isChange(call)
    await running.register(hosts.home, '203.0.113.8')
    await running.register({ ...hosts.home, token: 'a-guess' }, '203.0.113.66')
    const events = await end()
    const figures = metrics()
    const count = (name: string) => figures.get(`Custom/Dyndns53/${name}`)?.[0]
    expect(count('Route53Throttled')).toBe(1)
    expect(count('Route53Denied')).toBe(1)
    // The zones twice, the first host's look and write, the look at what is in the way, and the denied write.
    expect(count('Route53Calls')).toBe(6)
    expect(figures.get('Custom/Dyndns53/BatchChanges')?.slice(0, 2)).toEqual([2, 3])
    expect(count('WaitingSeconds')).toBe(3)
    expect([count('FailedLogins'), count('Lockouts')]).toEqual([1, 1])
    expect(figures.get('Custom/Dyndns53/RecordsWaiting')?.[3]).toBe(1)
    expect(figures.get('Custom/Dyndns53/HostDatabaseAgeSeconds')?.[3]).toBeGreaterThan(0)
    expect(figures.get('Custom/Dyndns53/HostDatabaseBadLines')?.[3]).toBe(0)

    const attributes = new Set(events.flatMap(Object.keys))
    const types = new Set(events.map(({ type }) => type))
    expect(queries).toHaveLength(4)
    for (const query of queries) {
      const quoted = [...query.matchAll(/'([^']+)'/g)].map(([, text = '']) => text)
      const names = query.replace(/'[^']*'/g, '').match(/[A-Za-z][\w.]*/g) ?? []
      const ours = names.filter((name) => !nrql.has(name))
      expect(ours.filter((name) => !attributes.has(name) && !types.has(name))).toEqual([])
      const texts = new Set([...figures.keys(), ...events.map(({ outcome }) => outcome)])
      expect(quoted.filter((text) => !texts.has(text))).toEqual([])
    }
    // Every name in the table is sent, but for what only a record that is given up sends.
    const tables = document.slice(document.indexOf('## New Relic'), document.indexOf('## Prometheus'))
    const documented = [...tables.matchAll(/`(?:Custom\/Dyndns53|…)\/(\w+)`/g)].map(([, name = '']) => name)
    expect(documented.length).toBeGreaterThan(9)
    expect(documented.filter((name) => count(name) === undefined)).toEqual(['RecordsGivenUp'])
  })
})
