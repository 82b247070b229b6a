import { describe, expect, it } from 'vitest'
import type { UpdateOutcome } from '../../src/registrar/record.js'
import { callError } from './simulated-route53.js'
import { desired, type Simulation, simulate } from './simulation.js'

/** A zone of this many hosts, each with the address of its number, and a registrar that knows nothing of it yet. */
function town(count: number, options: Parameters<typeof simulate>[1] = {}): Simulation {
  const world = simulate(() => 'none', options)
  const records = Array.from({ length: count }, (_, index) => {
    const values = [`203.0.${(index + 1) >> 8}.${(index + 1) & 255}`]
    return { name: `h${index}.example.com`, type: 'A', ttl: 60, values }
  })
  world.model.addZone({ name: 'example.com', records })
  return world
}

const host = (index: number, number = index + 1) => desired(`h${index}.example.com`, number)
const reads = ({ model }: Simulation) =>
  model.log.calls.filter(({ action }) => action === 'ListResourceRecordSets').length
const writes = ({ model }: Simulation) => model.log.statistics().writes

/** Every host calls, evenly spread over `overMs`; what they heard, by kind, and the longest that one waited. */
async function call(world: Simulation, indexes: readonly number[], overMs: number) {
  const kinds = new Map<string, number>()
  let longestMs = 0
  const stepMs = overMs / indexes.length
  for (const index of indexes) {
    const startMs = world.clock.now()
    void world.register(host(index)).then(({ kind }: UpdateOutcome) => {
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      longestMs = Math.max(longestMs, world.clock.now() - startMs)
    })
    await world.clock.advance(stepMs)
  }
  return { kinds, longestMs: () => longestMs }
}

const everybody = (count: number) => Array.from({ length: count }, (_, index) => (index * 797) % count)

describe('a busy zone', () => {
  it('is read as a whole: nobody waits once it is, and the reads stay within half of the quota', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    world.model.log.clear()
    const startMs = world.clock.now()
    const { kinds, longestMs } = await call(world, everybody(5000), 300_000)
    expect([...kinds]).toEqual([['nochg', 5000]])
    expect(longestMs()).toBe(0)
    expect(reads(world) / ((world.clock.now() - startMs) / 1000)).toBeLessThan(4)
    expect(writes(world)).toBe(0)
    expect(world.log.join('')).toContain('the zone is swept')
  })

  it('warms without a flood of 911', async () => {
    const world = town(5000)
    const { kinds } = await call(world, everybody(5000).slice(0, 1000), 60_000)
    expect([...kinds]).toEqual([['nochg', 1000]])
  })

  it('is written at once where an address has changed, without a read of its own', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    world.model.log.clear()
    const startMs = world.clock.now()
    const outcome = world.register(host(7, 4000))
    await world.clock.advance(1000)
    expect(await outcome).toMatchObject({ kind: 'good' })
    expect(world.model.log.calls[0]?.action).toBe('ChangeResourceRecordSets')
    expect(world.model.log.calls[0]?.atMs).toBe(startMs)
  })

  it('gives a first record to a host that the sweep has not seen', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    const outcome = world.register(desired('new.example.com', 9))
    await world.clock.advance(1000)
    expect(await outcome).toMatchObject({ kind: 'good', address: '203.0.0.9' })
  })

  it('gives it to one who came during the first round as soon as that ends, though nobody else calls', async () => {
    const world = town(5000)
    const isInLog = (text: string) => world.log.join('').includes(text)
    for (const index of everybody(5000)) {
      if (isInLog('the zone is swept')) break
      void world.register(host(index))
      await world.clock.advance(50)
    }
    let outcome: UpdateOutcome | undefined
    void world.register(desired('new.example.com', 9)).then((told) => {
      outcome = told
    })
    while (!isInLog('zone read')) await world.clock.advance(50)
    const roundReads = reads(world)
    // The call that writes.
    await world.clock.advance(100)
    expect(outcome).toMatchObject({ kind: 'good', address: '203.0.0.9' })
    expect(reads(world)).toBe(roundReads)
  })

  it('is no reason to overwrite what somebody has put there since the last look', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    const zone = world.model.zones()[0]
    zone?.put({ name: 'new.example.com', type: 'A', ttl: 60, values: ['198.51.100.1', '198.51.100.2'] })
    zone?.put({ name: 'h7.example.com', type: 'A', ttl: 60, values: ['198.51.100.1', '198.51.100.2'] })
    const outcomes = [world.register(desired('new.example.com', 9)), world.register(host(7, 9))]
    await world.clock.advance(2000)
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['refused', 'refused'])
  })

  it('sees what another hand did within the time of a round', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    world.model.zones()[0]?.put({ name: 'h7.example.com', type: 'A', ttl: 60, values: ['198.51.100.1'] })
    await call(world, everybody(5000).slice(500, 1100), 35_000)
    const outcome = world.register(host(7))
    await world.clock.advance(1000)
    expect(await outcome).toMatchObject({ kind: 'good' })
  })

  it('sees what another hand took away within the time of a round', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    world.model.zones()[0]?.remove('h7.example.com', 'A')
    await call(world, everybody(5000).slice(500, 1600), 70_000)
    const outcome = world.register(host(7))
    await world.clock.advance(1000)
    expect(await outcome).toMatchObject({ kind: 'good' })
    expect(world.held('h7.example.com', 'A')).toBe('203.0.0.8')
  })

  it('does not take for absent what it saw while a lost write could still come', async () => {
    const world = town(500)
    await call(world, everybody(500).slice(0, 400), 20_000)
    const { change } = world.route53
    world.route53.change = (...late) => {
      world.route53.change = change
      world.clock.after(20_000, () => void change(...late))
      return Promise.reject(callError('TimeoutError', 'ECONNRESET'))
    }
    void world.register(desired('new.example.com', 9))
    await world.clock.advance(100)
    const offline = world.register(desired('new.example.com', 0))
    await call(world, everybody(500).slice(0, 400), 40_000)
    expect((await offline).kind).toBe('nochg')
    expect(world.held('new.example.com', 'A')).toBe('203.0.0.9')
    await call(world, everybody(500).slice(0, 400), 40_000)
    expect(world.held('new.example.com', 'A')).toBeUndefined()
  })

  it('knows of delegations', async () => {
    const world = town(5000)
    world.model
      .zones()[0]
      ?.put({ name: 'away.example.com', type: 'NS', ttl: 300, values: ['ns.example.net.'] })
    await call(world, everybody(5000).slice(0, 500), 30_000)
    const outcome = world.register(desired('h.away.example.com', 1))
    await world.clock.advance(1000)
    expect(await outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('away.example.com'),
    })
  })

  it('is swept no more when it is calm again', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    await world.clock.advance(120_000)
    expect(world.log.join('')).toContain('the zone is swept no more')
    world.model.log.clear()
    const outcome = world.register(host(7))
    await world.clock.advance(1000)
    expect(await outcome).toMatchObject({ kind: 'nochg' })
    expect(reads(world)).toBe(1)
    await world.clock.advance(600_000)
    expect(world.clock.timers).toBe(0)
  })

  it('is never swept where nothing may be remembered', async () => {
    const world = town(500, { recheckMs: 0 })
    await call(world, everybody(500), 30_000)
    expect(world.log.join('')).not.toContain('swept')
  })

  it('keeps nothing running when the service ends', async () => {
    const world = town(5000)
    await call(world, everybody(5000).slice(0, 500), 30_000)
    void world.registrar.close()
    await world.clock.advance(0)
    expect(world.clock.timers).toBe(0)
  })

  it('goes on where a page cannot be had for a while, and relies on nothing too old', async () => {
    const world = town(5000, { recheckMaxMs: 60_000 })
    await call(world, everybody(5000).slice(0, 500), 30_000)
    const { listRecordSets } = world.route53
    world.route53.listRecordSets = () => Promise.reject(callError('ServiceUnavailable'))
    const { kinds } = await call(world, everybody(5000).slice(0, 200), 20_000)
    expect([...kinds]).toEqual([['nochg', 200]])
    const { kinds: later } = await call(world, everybody(5000).slice(0, 600), 60_000)
    expect(later.get('unavailable') ?? 0).toBeGreaterThan(0)
    world.route53.listRecordSets = listRecordSets
    await world.clock.advance(60_000)
    const { kinds: again } = await call(world, everybody(5000).slice(0, 200), 20_000)
    expect([...again]).toEqual([['nochg', 200]])
  })
})
