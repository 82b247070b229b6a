import { describe, expect, it } from 'vitest'
import { createSilence, type HeardHost, type SharedCalls } from '../../src/notices/silence.js'
import { createFakeClock, settled } from '../net/fake-clock.js'

const minute = 60_000
const hour = 60 * minute

/** A watch in virtual time, which begins at 1,000 hours, with a silence of 24 hours. */
function createWorld(names: string[], calls?: SharedCalls) {
  const clock = createFakeClock(1000 * hour)
  const told: [number, string, string | undefined][] = []
  const database = new Set(names)
  let isLooking = true
  const hosts = () => ({
    get size() {
      return database.size
    },
    has: (host: string) => database.has(host),
    hostnames: () => database.keys(),
  })
  const silence = createSilence({
    clock,
    now: () => new Date(clock.now()),
    silentMs: 24 * hour,
    lookMs: 10 * minute,
    hosts,
    calls,
    isLooking: () => isLooking,
    note: ({ item: { host = '', lastCall } }) => {
      told.push([Math.floor(clock.now() / hour) - 1000, host, lastCall])
    },
  })
  return {
    clock,
    told,
    database,
    silence,
    look: (is: boolean) => {
      isLooking = is
    },
  }
}

const [home, cabin] = ['home.example.com', 'cabin.example.com']
const at = (hours: number) => new Date((1000 + hours) * hour).toISOString()

describe('a host, in memory alone,', () => {
  it('is silent when it has not called for the time, and is told of once until it calls again', async () => {
    const { clock, silence, told } = createWorld([home])
    silence.hear(home)
    await clock.advance(72 * hour)
    expect(told).toEqual([[24, home, at(0)]])
    silence.hear(home)
    await clock.advance(23 * hour)
    expect(told).toHaveLength(1)
    await clock.advance(48 * hour)
    expect(told.slice(1)).toEqual([[96, home, at(72)]])
  })

  it('that has not called at all counts from the start', async () => {
    const { clock, told } = createWorld([home])
    await clock.advance(23 * hour)
    expect(told).toEqual([])
    await clock.advance(100 * hour)
    expect(told).toEqual([[24, home, undefined]])
  })

  it('counts from when it came into the database', async () => {
    const { clock, told, database } = createWorld([])
    await clock.advance(100 * hour)
    database.add(home)
    await clock.advance(23 * hour)
    expect(told).toEqual([])
    await clock.advance(2 * hour)
    expect(told).toEqual([[124, home, undefined]])
  })

  it('is nobody any more when it has left the database', async () => {
    const { clock, silence, told, database } = createWorld([home, cabin])
    silence.hear(home)
    silence.hear(cabin)
    await clock.advance(hour)
    database.delete(home)
    await clock.advance(40 * hour)
    expect(told).toEqual([[24, cabin, at(0)]])
    database.add(home)
    await clock.advance(23 * hour)
    expect(told).toHaveLength(1)
  })

  it('is one of many', async () => {
    const names = Array.from({ length: 3500 }, (_, i) => `h${i}.example.com`)
    const { clock, silence, told } = createWorld(names)
    // So many are looked at in several turns of the loop.
    const advance = async (hours: number) => {
      await clock.advance(hours * hour)
      for (let turns = 0; turns < 10; turns++) await settled()
    }
    for (const name of names) silence.hear(name)
    await advance(23)
    for (const name of names.slice(0, -2)) silence.hear(name)
    await advance(2)
    expect(told.map(([, host]) => host)).toEqual(names.slice(-2))
  })

  it('is not looked for after the end', async () => {
    const { clock, silence, told } = createWorld([home])
    silence.close()
    await clock.advance(48 * hour)
    expect({ told, timers: clock.timers }).toEqual({ told: [], timers: 0 })
  })
})

/** What PostgreSQL knows, as far as it matters here; `isAway` plays that it cannot be asked. */
function createCalls() {
  const last = new Map<string, Date>()
  const claimed = new Map<string, Date>()
  const asked: string[] = []
  const calls = {
    last,
    asked,
    isAway: false,
    async lastCalls(hosts: readonly string[]) {
      if (calls.isAway) throw new Error('away')
      asked.push(...hosts)
      return hosts.flatMap((host) => {
        const when = last.get(host)
        return when ? [{ host, last: when }] : []
      })
    },
    async claim(silent: readonly HeardHost[]) {
      const fresh = silent.filter(({ host, last: when }) => (claimed.get(host) ?? new Date(0)) < when)
      for (const { host, last: when } of fresh) claimed.set(host, when)
      return fresh.map(({ host }) => host)
    },
  }
  return calls
}

describe('a host, with a history,', () => {
  it('is judged by its last call, before the start of this process too', async () => {
    const calls = createCalls()
    calls.last.set(home, new Date(at(-20)))
    const { clock, told } = createWorld([home], calls)
    await clock.advance(3 * hour)
    expect(told).toEqual([])
    await clock.advance(3 * hour)
    expect(told).toEqual([[4, home, at(-20)]])
    await clock.advance(100 * hour)
    expect(told).toHaveLength(1)
  })

  it('is told of by one process, and not again by one that takes over', async () => {
    const calls = createCalls()
    calls.last.set(home, new Date(at(-48)))
    const [first, second] = [createWorld([home], calls), createWorld([home], calls)]
    second.look(false)
    for (const { clock } of [first, second]) await clock.advance(hour)
    first.silence.close()
    second.look(true)
    await second.clock.advance(48 * hour)
    expect([first.told, second.told]).toEqual([[[0, home, at(-48)]], []])
    calls.last.set(home, new Date(at(49)))
    await second.clock.advance(48 * hour)
    expect(second.told).toEqual([[73, home, at(49)]])
  })

  it('that has called another process is not silent', async () => {
    const calls = createCalls()
    const { clock, told } = createWorld([home], calls)
    for (let hours = 0; hours < 100; hours += 10) {
      calls.last.set(home, new Date(at(hours)))
      await clock.advance(10 * hour)
    }
    expect(told).toEqual([])
  })

  it('that has called this one, which could not write it, is not silent', async () => {
    const calls = createCalls()
    calls.last.set(home, new Date(at(-48)))
    const { clock, silence, told } = createWorld([home], calls)
    silence.hear(home)
    await clock.advance(20 * hour)
    expect(told).toEqual([])
  })

  it('that has never called is not set up yet', async () => {
    const { clock, told } = createWorld([home], createCalls())
    await clock.advance(1000 * hour)
    expect(told).toEqual([])
  })

  it('is told of later where PostgreSQL is away', async () => {
    const calls = createCalls()
    calls.last.set(home, new Date(at(-48)))
    calls.isAway = true
    const { clock, told } = createWorld([home], calls)
    await clock.advance(5 * hour)
    calls.isAway = false
    await clock.advance(hour)
    expect(told).toEqual([[5, home, at(-48)]])
  })

  it('is asked about only when it may have fallen silent', async () => {
    const calls = createCalls()
    calls.last.set(home, new Date(at(0)))
    const { clock } = createWorld([home], calls)
    await clock.advance(23 * hour)
    expect(calls.asked).toEqual([home])
  })
})
