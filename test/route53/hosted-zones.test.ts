import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Route53Emulator, startRoute53Emulator } from '../../emulators/route53/server.js'
import { createRoute53, type Zone } from '../../src/route53/api.js'
import { createHostedZones, type HostedZones } from '../../src/route53/hosted-zones.js'
import { createTokenBucket } from '../../src/route53/rate-limit.js'
import { createTestClient } from '../emulators/route53/test-client.js'
import { createFakeClock, type FakeClock } from '../net/fake-clock.js'

const fiveMinutes = 5 * 60_000

let emulator: Route53Emulator
let clock: FakeClock
let logged: string

beforeEach(async () => {
  emulator = await startRoute53Emulator()
  clock = createFakeClock()
  logged = ''
})
afterEach(() => emulator.close())

function zonesOf(zoneIds: readonly string[] = []): HostedZones {
  const route53 = createRoute53(createTestClient(emulator.url), 5000)
  const requests = createTokenBucket({ burst: 1000, perSecond: 1000 }, clock)
  const sink = {
    write(line: string) {
      logged += line
    },
  }
  const log = pino({}, sink)
  return createHostedZones(route53, requests, clock, log, zoneIds)
}

async function listed(zoneIds?: readonly string[]): Promise<HostedZones> {
  const zones = zonesOf(zoneIds)
  await zones.refresh()
  return zones
}

function add(name: string, more: { id?: string; private?: boolean } = {}): Zone {
  const { id } = emulator.model.addZone({ name, ...more })
  return { id, name }
}

const unknown = { kind: 'unknown' }
const noneOf = (reason: string) => ({ kind: 'none', reason: expect.stringContaining(reason) })

describe('the zone of a name', () => {
  it.each([
    ['home.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['a.b.example.com', 'example.com'],
    ['*.example.com', 'example.com'],
    ['dyn.example.com', 'dyn.example.com'],
    ['home.dyn.example.com', 'dyn.example.com'],
    ['xdyn.example.com', 'example.com'],
    ['home.notexample.com', 'notexample.com'],
    ['home.example.co.uk', 'example.co.uk'],
  ])('of %s is the longest that contains it: %s', async (name, zone) => {
    for (const other of ['example.com', 'dyn.example.com', 'notexample.com', 'co.uk', 'example.co.uk'])
      add(other)
    expect((await listed()).find(name)).toMatchObject({ kind: 'zone', zone: { name: zone } })
  })

  it.each(['home.badexample.com', 'example.org', 'com', 'example.com.org'])('%s has none', async (name) => {
    add('example.com')
    expect((await listed()).find(name)).toEqual(noneOf(`of this AWS account contains ${name}`))
  })

  it('is never a private one, not even the longest', async () => {
    const zone = add('example.com')
    add('dyn.example.com', { private: true })
    add('internal.test', { private: true })
    const zones = await listed()
    expect(zones.find('home.dyn.example.com')).toEqual({ kind: 'zone', zone })
    expect(zones.find('home.internal.test').kind).toBe('none')
  })

  it('is none where two public ones have that name: the reason has both ids and what to do', async () => {
    const [one, two] = [add('example.com'), add('example.com')]
    const zone = add('dyn.example.com')
    const zones = await listed()
    expect(zones.find('home.example.com')).toEqual(noneOf('DYNDNS_ZONE_IDS'))
    expect(zones.find('home.example.com')).toEqual(noneOf(`${one.id}, ${two.id}`))
    expect(zones.find('home.dyn.example.com')).toEqual({ kind: 'zone', zone })
  })

  it('is not ambiguous where a private one has that name too', async () => {
    const zone = add('example.com')
    add('example.com', { private: true })
    expect((await listed()).find('home.example.com')).toEqual({ kind: 'zone', zone })
  })

  it('is found among 250, in three pages', async () => {
    for (let index = 0; index < 250; index++) add(`z${index}.example`)
    const zones = await listed()
    for (const name of ['z0.example', 'z99.example', 'z100.example', 'z249.example']) {
      expect(zones.find(`home.${name}`)).toMatchObject({ kind: 'zone', zone: { name } })
    }
    expect(emulator.model.log.calls).toHaveLength(3)
  })
})

describe('the list of zones', () => {
  it('is unknown before the first listing', () => {
    expect(zonesOf().find('home.example.com')).toEqual(unknown)
  })

  it('is asked for anew on a miss, but at most every 5 minutes, and never on a hit', async () => {
    add('example.com')
    const zones = await listed()
    expect(zones.find('home.example.org').kind).toBe('none')
    await clock.advance(fiveMinutes - 1)
    expect(zones.find('home.example.org').kind).toBe('none')
    await clock.advance(1)
    expect(zones.find('home.example.org')).toEqual(unknown)
    expect(zones.find('home.example.com').kind).toBe('zone')
    const zone = add('example.org')
    await zones.refresh()
    expect(zones.find('home.example.org')).toEqual({ kind: 'zone', zone })
    expect(zones.find('home.example.net').kind).toBe('none')
  })

  it('knows nothing of a zone that is gone until the next listing, its parent and others excepted', async () => {
    const gone = add('sub.example.com')
    const parent = add('example.com')
    const zones = await listed()
    emulator.model.deleteZone(gone.id)
    zones.invalidate(gone)
    expect(zones.find('home.sub.example.com')).toEqual(unknown)
    expect(zones.find('home.example.com')).toEqual({ kind: 'zone', zone: parent })
    await zones.refresh()
    expect(zones.find('home.sub.example.com')).toEqual({ kind: 'zone', zone: parent })
    emulator.model.deleteZone(parent.id)
    await zones.refresh()
    expect(zones.find('home.example.com').kind).toBe('none')
  })

  it('stays as it was when a listing fails, on whichever page', async () => {
    for (let index = 0; index < 150; index++) add(`z${index}.example`)
    const zones = await listed()
    emulator.inject({ kind: 'throttle', on: (call) => 'marker' in call && call.marker !== undefined })
    await expect(zones.refresh()).rejects.toMatchObject({ name: 'Throttling' })
    expect(zones.find('home.z149.example').kind).toBe('zone')
  })
})

describe('zones named outright', () => {
  it('are the only ones, and are not listed', async () => {
    const zone = add('example.com')
    add('example.com')
    add('dyn.example.com')
    const zones = await listed([zone.id])
    expect(zones.find('home.dyn.example.com')).toEqual({ kind: 'zone', zone })
    expect(zones.find('home.example.org')).toEqual(noneOf('of DYNDNS_ZONE_IDS contains home.example.org'))
    expect(emulator.model.log.calls.map(({ action }) => action)).toEqual(['GetHostedZone'])
  })

  it('are left out, with a line in the log, where they are private or do not exist', async () => {
    const zone = add('example.com')
    const hidden = add('dyn.example.com', { private: true })
    const zones = await listed(['Z0NOTTHERE', hidden.id, zone.id])
    expect(zones.find('home.dyn.example.com')).toEqual({ kind: 'zone', zone })
    for (const id of ['Z0NOTTHERE', hidden.id]) expect(logged).toContain(`"zoneId":"${id}"`)
    expect(logged).not.toContain(`"zoneId":"${zone.id}"`)
  })

  it('may be named twice', async () => {
    const zone = add('example.com')
    expect((await listed([zone.id, zone.id])).find('home.example.com')).toEqual({ kind: 'zone', zone })
  })

  it('are kept as they were when one of them cannot be asked for', async () => {
    const zone = add('example.com')
    const zones = await listed([zone.id])
    emulator.inject({ kind: 'throttle' })
    await expect(zones.refresh()).rejects.toMatchObject({ name: 'Throttling' })
    expect(zones.find('home.example.com')).toEqual({ kind: 'zone', zone })
  })
})
