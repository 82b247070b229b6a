import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { type Cluster, describePostgres, type Member, startCluster } from './cluster.js'

const eventually = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 60_000, interval: 100 })
const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'
/** Who asks just when it is settled may be told either. */
const isThere = (address: string) => new RegExp(`^(good|nochg) ${address}$`)
const away = 'PostgreSQL is away: this process goes on alone, and asks Route 53 each time'

let postgres: TestPostgres
beforeAll(async () => {
  if (findPostgres()) postgres = await startPostgres()
})
afterAll(() => postgres?.close())

describePostgres('processes that share a PostgreSQL', () => {
  let cluster: Cluster
  let holder: Member
  let member: Member

  beforeEach(async () => {
    cluster = await startCluster(postgres, 20)
    const both = [await cluster.add(), await cluster.add()]
    holder = await cluster.holderOf(both)
    member = both.find((other) => other !== holder) as Member
  })
  afterEach(() => cluster.close())

  const body = async (at: Member, index: number, address: string) => {
    const answer = await at.register(cluster.hosts[index], address)
    return answer.body
  }

  it('answer alike, whichever is asked, and one of them writes', async () => {
    expect(await body(member, 0, '203.0.113.1')).toBe('good 203.0.113.1')
    // What somebody else notifies.
    for (const payload of ['{}', '{"row":{}}', '[]', 'null', 'x'])
      for (const channel of ['wanted', 'outcomes', 'lease', 'lockouts'])
        await cluster.database.query(`NOTIFY dyndns53_${channel}, '${payload}'`)
    expect(await body(holder, 0, '203.0.113.1')).toBe('nochg 203.0.113.1')
    expect(await body(member, 0, '203.0.113.1')).toBe('nochg 203.0.113.1')
    expect(await body(holder, 0, '203.0.113.2')).toBe('good 203.0.113.2')
    expect(await body(member, 0, '203.0.113.2')).toMatch(isThere('203.0.113.2'))
    expect(cluster.world.held('host0.example.com')).toEqual(['203.0.113.2'])
    expect(member.process.printed()).not.toContain('records written')
    expect(member.process.printed()).not.toContain(away)
  })

  it('tell a caller of any of them what is in the way', async () => {
    cluster.world.route53.model
      .zones()[0]
      ?.put({ name: 'host0.example.com', type: 'CNAME', ttl: 60, values: ['example.org.'] })
    expect(await body(member, 0, '203.0.113.1')).toBe('dnserr')
    expect(await body(holder, 0, '203.0.113.1')).toBe('dnserr')
    expect(member.process.printed()).toContain('which is not ours to overwrite')
  })

  it('hand over at SIGTERM: who waits is answered, and the other writes at once', async () => {
    cluster.world.route53.inject({ kind: 'throttle', times: 3 })
    const answers = [
      body(holder, 0, '203.0.113.1'),
      body(holder, 1, '203.0.113.2'),
      body(member, 2, '203.0.113.3'),
    ]
    await eventually(() => cluster.world.route53.model.log.calls.length > 0)
    holder.process.child.kill('SIGTERM')
    expect(await Promise.all(answers)).toEqual(['good 203.0.113.1', 'good 203.0.113.2', 'good 203.0.113.3'])
    expect(await holder.process.exited).toBe(0)
    expect(await body(member, 3, '203.0.113.4')).toBe('good 203.0.113.4')
    expect(member.process.printed()).not.toContain(away)
  })

  it('settle what is on its way to Route 53 before they hand over', async () => {
    cluster.world.route53.inject({ kind: 'delay', ms: 1500, on: isChange })
    const answers = [body(holder, 0, '203.0.113.1'), body(member, 1, '203.0.113.2')]
    await eventually(() => cluster.world.route53.model.log.calls.some(isChange))
    holder.process.child.kill('SIGTERM')
    expect(await Promise.all(answers)).toEqual(['good 203.0.113.1', 'good 203.0.113.2'])
    expect(await holder.process.exited).toBe(0)
  })

  it('go on alone while PostgreSQL is away, without memory, and share again when it is back', async () => {
    expect(await body(holder, 0, '203.0.113.1')).toBe('good 203.0.113.1')
    await postgres.crash()
    const answers = [body(holder, 0, '203.0.113.2'), body(member, 1, '203.0.113.3')]
    expect(await Promise.all(answers)).toEqual(['good 203.0.113.2', 'good 203.0.113.3'])
    expect(await body(member, 0, '203.0.113.2')).toBe('nochg 203.0.113.2')
    expect(await body(member, 0, '203.0.113.1')).toBe('good 203.0.113.1')
    expect(await body(holder, 0, '203.0.113.2')).toBe('good 203.0.113.2')
    for (const { process } of [holder, member]) {
      expect(process.printed().split(away)).toHaveLength(2)
      expect(process.printed()).not.toContain('P4SSWORD')
    }
    await postgres.start()
    const back = 'PostgreSQL is back: the work is shared again'
    await Promise.all([holder, member].map(({ process }) => process.logged(back)))
    await cluster.holderOf([holder, member])
    expect(await body(holder, 0, '203.0.113.3')).toBe('good 203.0.113.3')
    expect(await body(member, 0, '203.0.113.3')).toMatch(isThere('203.0.113.3'))
    expect(cluster.address({ user: 'host0.example.com', token: '' })).toBe('203.0.113.3')
  })

  it.each(['stall', 'refuse'] as const)(
    'answer although the connections of one %s, and none from memory meanwhile',
    async (how) => {
      expect(await body(holder, 0, '203.0.113.1')).toBe('good 203.0.113.1')
      member.proxy[how]()
      // The cut-off one writes by itself; the holder does not know of it.
      expect(await body(member, 0, '203.0.113.2')).toBe('good 203.0.113.2')
      expect(await body(holder, 0, '203.0.113.1')).toBe('good 203.0.113.1')
      expect(await body(member, 0, '203.0.113.1')).toBe('nochg 203.0.113.1')
      member.proxy.resume()
      await member.process.logged('PostgreSQL is back: the work is shared again')
      expect(await body(member, 0, '203.0.113.4')).toBe('good 203.0.113.4')
      expect(await body(holder, 0, '203.0.113.4')).toBe('nochg 203.0.113.4')
    },
  )

  it('forget nothing that is asked of one right after the other', async () => {
    const askInTurn = async (index: number) => {
      for (let round = 1; round <= 20; round++)
        // A call at the other one that is under way may be taken for the newer; who asked is told so.
        for (const at of [holder, member])
          expect(await body(at, index, `203.0.${at === holder ? 1 : 2}.${round}`)).toMatch(
            /^(good|nochg|911)\b/,
          )
    }
    await Promise.all(cluster.hosts.map((_, index) => askInTurn(index)))
    const rows = () => cluster.database.query('SELECT name, target, outcome FROM dyndns53.wanted')
    await eventually(async () => (await rows()).every(({ outcome }) => outcome !== null))
    for (const { name, target } of await rows())
      expect(cluster.world.held(name as string)).toEqual([(target as { address: string }).address])
    for (const { process } of [holder, member]) {
      expect(process.printed()).not.toContain('it was not settled in time')
      expect(process.printed()).not.toContain(away)
    }
  })

  it('write on although all connections are cut, again and again', async () => {
    for (let round = 1; round <= 5; round++) {
      holder.proxy.cut()
      member.proxy.cut()
      expect(await body(member, round, '203.0.113.1')).toBe('good 203.0.113.1')
      expect(await body(holder, round, '203.0.113.1')).toMatch(isThere('203.0.113.1'))
    }
  })
})

describePostgres('records that wait when all processes are killed', () => {
  it('are written by the next one, with nobody calling again', async () => {
    const cluster = await startCluster(postgres, 2000)
    try {
      const first = await cluster.add()
      const throttled = cluster.world.route53.inject({ kind: 'throttle', times: Number.POSITIVE_INFINITY })
      for (const [index, host] of cluster.hosts.entries())
        void first.register(host, `198.51.${index >> 8}.${index & 255}`).catch(() => {})
      const waiting = 'SELECT count(*)::integer AS count FROM dyndns53.wanted WHERE outcome IS NULL'
      await eventually(async () => (await cluster.database.query(waiting))[0]?.['count'] === 2000)
      first.process.child.kill('SIGKILL')
      await first.process.exited
      throttled()
      expect(cluster.address(cluster.hosts[0] as (typeof cluster.hosts)[0])).toBeUndefined()
      await cluster.add()
      await eventually(() => cluster.hosts.every((host) => cluster.address(host) !== undefined))
      expect(cluster.hosts.map(cluster.address)).toEqual(
        cluster.hosts.map((_, index) => `198.51.${index >> 8}.${index & 255}`),
      )
    } finally {
      await cluster.close()
    }
  }, 120_000)
})
