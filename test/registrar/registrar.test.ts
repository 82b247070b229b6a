import { describe, expect, it } from 'vitest'
import { describeTarget, type UpdateOutcome } from '../../src/registrar/record.js'
import { callError, type Mishap } from './simulated-route53.js'
import { desired, type Simulation, simulate } from './simulation.js'

const home = (number: number, type?: 'A' | 'AAAA') => desired('home.example.com', number, type)

/** Notes outcomes and the moments of their coming. */
function watch({ clock }: Simulation, answer: Promise<UpdateOutcome>) {
  const seen: { outcome?: UpdateOutcome; atMs?: number } = {}
  void answer.then((outcome) => Object.assign(seen, { outcome, atMs: clock.now() }))
  return seen
}

function withZone(plan: Mishap[] = [], options: Parameters<typeof simulate>[1] = {}): Simulation {
  const world = simulate(() => plan.shift() ?? 'none', options)
  world.model.addZone({ name: 'example.com' })
  return world
}

const writes = (world: Simulation) => world.model.log.statistics().writes

/** Everything the first record asks for comes before: the list of zones. */
async function warm(world: Simulation): Promise<void> {
  void world.register(desired('warm.example.com', 1))
  await world.clock.advance(1000)
  world.model.log.clear()
}

describe('a lone record', () => {
  it('waits for nobody: two calls, and no time beside them', async () => {
    const world = withZone()
    await warm(world)
    const startMs = world.clock.now()
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(answer.outcome).toMatchObject({ kind: 'good', address: '203.0.0.1' })
    expect(answer.atMs).toBe(startMs + 200)
    expect(world.model.log.calls.map(({ action }) => action)).toEqual([
      'ListResourceRecordSets',
      'ChangeResourceRecordSets',
    ])
  })

  it('is waited for no longer than the caller has time left, and tried on', async () => {
    const world = withZone(Array<Mishap>(3).fill('stalled'))
    const startMs = world.clock.now()
    const inTime = watch(world, world.registrar.register(home(1), 15_000))
    const late = watch(world, world.registrar.register(home(1), 25_000))
    await world.clock.advance(60_000)
    expect(late).toMatchObject({ outcome: { kind: 'unavailable' }, atMs: startMs })
    expect(inTime).toMatchObject({ outcome: { kind: 'unavailable' }, atMs: startMs + 5000 })
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.1')
  })

  it('costs no call again within the recheck time, and one read after it', async () => {
    const world = withZone()
    void world.register(home(1))
    await world.clock.advance(1000)
    world.model.log.clear()
    for (let second = 0; second < 25; second++) {
      const answer = watch(world, world.register(home(1)))
      await world.clock.advance(1000)
      expect(answer.outcome).toEqual({ kind: 'nochg', address: '203.0.0.1' })
    }
    expect(world.model.log.calls).toEqual([])
    await world.clock.advance(30_000)
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(answer.outcome?.kind).toBe('nochg')
    expect(world.model.log.calls).toMatchObject([{ action: 'ListResourceRecordSets' }])
  })

  it('is changed back within the recheck time without a read', async () => {
    const world = withZone()
    for (const number of [1, 2, 1]) {
      void world.register(home(number))
      await world.clock.advance(1000)
    }
    const actions = world.model.log.calls.map(({ action }) => action)
    expect(actions.filter((action) => action === 'ListResourceRecordSets')).toHaveLength(1)
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.1')
  })
})

it('does not forget what is there when Route 53 rejects a change of it: offline is no nochg', async () => {
  const world = withZone()
  await warm(world)
  void world.register(home(1))
  await world.clock.advance(1000)
  const { change } = world.route53
  world.route53.change = () => Promise.reject(callError('InvalidChangeBatch'))
  const rejected = watch(world, world.register(home(2)))
  await world.clock.advance(1000)
  expect(rejected.outcome?.kind).toBe('refused')
  world.route53.change = change
  const offline = watch(world, world.register(home(0)))
  await world.clock.advance(1000)
  expect(offline.outcome?.kind).toBe('good')
  expect(world.held('home.example.com', 'A')).toBeUndefined()
})

describe('a name that is delegated away', () => {
  it.each([
    ['at the host', 'home.dyn.example.com'],
    ['above it', 'dyn.example.com'],
  ])('is refused, %s, and nothing is written', async (_, cut) => {
    const world = withZone()
    const [zone] = world.model.zones()
    zone?.put({ name: cut, type: 'NS', ttl: 300, values: ['ns.example.net.'] })
    const answer = watch(world, world.register(desired('home.dyn.example.com', 1)))
    await world.clock.advance(1000)
    expect(answer.outcome).toMatchObject({
      kind: 'refused',
      cause: 'delegated',
      reason: expect.stringContaining(`an NS record at ${cut} hands over`),
    })
    expect(world.held('home.dyn.example.com', 'A')).toBeUndefined()
    // Taken away, it is seen 5 minutes later at the latest.
    zone?.remove(cut, 'NS')
    await world.clock.advance(5 * 60_000)
    const later = watch(world, world.register(desired('home.dyn.example.com', 1)))
    await world.clock.advance(1000)
    expect(later.outcome).toMatchObject({ kind: 'good' })
  })

  it('is looked for above each name once in 5 minutes', async () => {
    const world = withZone()
    await warm(world)
    for (let number = 1; number <= 20; number++) {
      void world.register(desired(`h${number}.dyn.example.com`, number))
      await world.clock.advance(1000)
    }
    const reads = world.model.log.calls.filter(({ action }) => action === 'ListResourceRecordSets')
    expect(reads.length).toBeLessThanOrEqual(21)
  })
})

it('brings a changed TTL to each record with its next call', async () => {
  const world = withZone()
  await warm(world)
  world.model.zones()[0]?.put({ name: 'home.example.com', type: 'A', ttl: 300, values: ['203.0.0.1'] })
  const answer = watch(world, world.register(home(1)))
  await world.clock.advance(1000)
  expect(answer.outcome).toMatchObject({ kind: 'good', address: '203.0.0.1' })
  expect(world.model.zones()[0]?.get('home.example.com', 'A')).toMatchObject([{ ttl: 60 }])
})

describe('a lost answer', () => {
  it.each<[Mishap, number]>([
    ['applied-then-lost', 1],
    ['applied-then-stalled', 1],
    ['lost', 1], // the first one never came to Route 53
    ['stalled', 2],
  ])('%s: settled by the next read, with %d writes seen by Route 53', async (mishap, expected) => {
    const plan: Mishap[] = []
    const world = withZone(plan)
    await warm(world)
    plan.push('none', mishap)
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(19_000)
    expect(answer.outcome).toMatchObject({ kind: 'good', address: '203.0.0.1' })
    expect(writes(world)).toBe(expected)
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.1')
  })

  it('is published once as a write, although the record is looked at once more', async () => {
    const plan: Mishap[] = []
    const world = withZone(plan)
    await warm(world)
    plan.push('none', 'applied-then-lost')
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(5000)
    expect(answer.outcome?.kind).toBe('good')
    world.model.log.clear()
    await world.clock.advance(120_000)
    expect(world.model.log.calls.map(({ action }) => action)).toEqual(['ListResourceRecordSets'])
    const ofHome = world.events.filter((event) => 'host' in event && event.host === 'home.example.com')
    const address = '203.0.0.1'
    expect(ofHome).toEqual([
      { kind: 'record-written', host: 'home.example.com', type: 'A', address, previous: undefined },
    ])
  })

  it('does not let a late write win over what was asked for after it', async () => {
    const plan: Mishap[] = []
    const world = withZone(plan)
    void world.register(home(1))
    await world.clock.advance(60_000)
    plan.push('none', 'applied-late')
    const first = watch(world, world.register(home(2)))
    await world.clock.advance(9000)
    world.model.log.clear()
    const second = watch(world, world.register(home(1))) // which is what Route 53 still holds
    await world.clock.advance(3000)
    expect(first.outcome).toMatchObject({ kind: 'unavailable' })
    // True at that moment, and read at it: nothing is remembered of a record that is in doubt.
    expect(second.outcome).toEqual({ kind: 'nochg', address: '203.0.0.1' })
    expect(world.model.log.calls.map(({ action }) => action)).toEqual(['ListResourceRecordSets'])
    await world.clock.advance(15_000)
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.2')
    const third = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(third.outcome).toMatchObject({ kind: 'good', address: '203.0.0.1' })
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.1')
  })
})

describe('a write that may still come', () => {
  it('is looked for once more when it can come no more, with nobody asking', async () => {
    const plan: Mishap[] = []
    const world = withZone(plan)
    void world.register(home(1))
    await world.clock.advance(60_000)
    plan.push('none', 'applied-late')
    void world.register(home(2))
    await world.clock.advance(9000)
    void world.register(home(1))
    await world.clock.advance(20_000)
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.2')
    await world.clock.advance(60_000)
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.1')
    expect(world.clock.timers).toBe(0)
  })

  it('does not keep the service from ending', async () => {
    const plan: Mishap[] = []
    const world = withZone(plan)
    await warm(world)
    plan.push('none', 'applied-then-lost')
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(5000)
    expect(answer.outcome?.kind).toBe('good')
    let isClosed = false
    void world.registrar.close().then(() => {
      isClosed = true
    })
    await world.clock.advance(0)
    expect(isClosed).toBe(true)
    expect(world.log.join('')).not.toContain('not written before')
    expect(world.clock.timers).toBe(0)
  })
})

describe('those who wait', () => {
  it('hear the truth when a newer address comes before theirs is written', async () => {
    const world = withZone(['none', 'throttled'])
    const old = watch(world, world.register(home(1)))
    const same = watch(world, world.register(home(1)))
    await world.clock.advance(300)
    const newer = watch(world, world.register(home(2)))
    await world.clock.advance(10_000)
    expect(old.outcome?.kind).toBe('unavailable')
    expect(same.outcome?.kind).toBe('unavailable')
    expect(newer.outcome).toMatchObject({ kind: 'good', address: '203.0.0.2' })
    expect(writes(world)).toBe(1)
  })

  it('hear 911 after 20 s, and find it done when they come back', async () => {
    const world = withZone()
    await warm(world)
    const release = world.model.hold(world.model.zones()[0]?.id ?? '')
    const startMs = world.clock.now()
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(60_000)
    expect(answer).toMatchObject({ outcome: { kind: 'unavailable' }, atMs: startMs + 20_000 })
    release()
    await world.clock.advance(20_000)
    const second = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(second.outcome?.kind).toBe('nochg')
  })

  it('are forgotten 15 minutes after the last of them, with a line in the log', async () => {
    const world = withZone()
    const release = world.model.hold(world.model.zones()[0]?.id ?? '')
    void world.register(home(1))
    await world.clock.advance(16 * 60_000)
    expect(world.log.join('')).toContain('given up')
    release()
    await world.clock.advance(60_000)
    expect(world.held('home.example.com', 'A')).toBeUndefined()
  })

  it('are no more than the bound; more hear 911 at once', async () => {
    const world = withZone([], { maxPending: 3 })
    world.model.hold(world.model.zones()[0]?.id ?? '')
    const answers = [1, 2, 3, 4].map((number) =>
      watch(world, world.register(desired(`h${number}.example.com`, 1))),
    )
    await world.clock.advance(0)
    expect(answers.map(({ outcome }) => outcome?.kind)).toEqual([
      undefined,
      undefined,
      undefined,
      'unavailable',
    ])
    const joining = watch(world, world.register(desired('h1.example.com', 1)))
    const newer = watch(world, world.register(desired('h2.example.com', 2)))
    await world.clock.advance(0)
    expect([joining.outcome, newer.outcome]).toEqual([undefined, undefined])
  })
})

describe('a batch', () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example.com`)

  async function together(world: Simulation, names: readonly string[], type: 'A' | 'AAAA' = 'A') {
    await warm(world)
    const answers = names.map((name, index) => watch(world, world.register(desired(name, index + 1, type))))
    await world.clock.advance(19_000)
    return answers.map(({ outcome }) => outcome?.kind)
  }

  it('takes all that waits: 500 hosts in a handful of calls', async () => {
    const world = withZone()
    const kinds = await together(world, hosts(500))
    expect(new Set(kinds)).toEqual(new Set(['good']))
    // Beside the first record's own pair: the rest is read from four places at once, and written.
    expect(world.model.log.calls.length).toBeLessThanOrEqual(8)
  })

  it('keeps to 16,000 characters of addresses', async () => {
    const world = withZone([], { changeQuota: { burst: 1500, perSecond: 100 } })
    await warm(world)
    const names = hosts(500)
    const answers = names.map((name, index) => {
      const address = `2001:db8:1111:2222:3333:4444:5555:${(0x1000 + index).toString(16)}`
      return watch(
        world,
        world.register({ name, type: 'AAAA', target: { kind: 'address', address }, ttlSeconds: 60 }),
      )
    })
    await world.clock.advance(19_000)
    expect(new Set(answers.map(({ outcome }) => outcome?.kind))).toEqual(new Set(['good']))
    expect(world.model.log.calls.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
  })

  it('writes the others at once when one is poisoned', async () => {
    const world = withZone([], { changeQuota: { burst: 100_000, perSecond: 10_000 } })
    world.model.setQuotas({})
    world.model.zones()[0]?.protect('h250.example.com', 'A')
    const kinds = await together(world, hosts(501))
    expect(kinds.filter((kind) => kind === 'good')).toHaveLength(500)
    expect(kinds[250]).toBe('refused')
    expect(writes(world)).toBeLessThanOrEqual(2 + 2 * Math.log2(500))
  })

  it('holds a denied name back alone, and tries it again later', async () => {
    const denied = 'h3.example.com'
    let isAllowed = false
    const world = withZone([], {})
    const { change } = world.route53
    world.route53.change = (zoneId, changes) => {
      if (isAllowed || !changes.some(({ name }) => name === denied)) return change(zoneId, changes)
      return Promise.reject(callError('AccessDenied'))
    }
    const kinds = await together(world, hosts(20))
    expect(kinds.map((kind) => kind === 'good')).toEqual(hosts(20).map((name) => name !== denied))
    expect(kinds[3]).toBe('unavailable')
    expect(world.log.join('')).toContain(`this AWS key may not change ${denied}`)
    isAllowed = true
    await world.clock.advance(61_000)
    expect(world.held(denied, 'A')).toBe('203.0.0.4')
  })
})

describe('denied names', () => {
  /** A herd of hosts some of which, here and there among the others, this key may not write. */
  async function herd(count: number, deniedCount: number) {
    const world = withZone()
    await warm(world)
    await world.clock.advance(120_000)
    const denied = new Set(
      Array.from({ length: deniedCount }, (_, index) => `h${(index * 7919) % count}.example.com`),
    )
    const { change } = world.route53
    let deniedCalls = 0
    world.route53.change = async (zoneId, changes) => {
      const culprits = changes.filter(({ name }) => denied.has(name))
      if (culprits.length === 0) return change(zoneId, changes)
      deniedCalls++
      await new Promise<void>((resolve) => world.clock.after(100, resolve))
      throw callError('AccessDenied')
    }
    const names = Array.from({ length: count }, (_, index) => `h${index}.example.com`)
    const answers = names.map((name, index) => watch(world, world.register(desired(name, index + 1))))
    const kindsOf = (isDenied: boolean) =>
      new Set(
        answers.flatMap(({ outcome }, index) =>
          denied.has(names[index] ?? '') === isDenied ? [outcome?.kind] : [],
        ),
      )
    return { world, denied, names, kindsOf, deniedCalls: () => deniedCalls }
  }

  it('hold up nobody: 5 of 205, and each of the 200 is good at its first try', async () => {
    const { world, denied, kindsOf } = await herd(205, 5)
    await world.clock.advance(19_000)
    expect(kindsOf(false)).toEqual(new Set(['good']))
    expect(kindsOf(true)).toEqual(new Set(['unavailable']))
    const again = [...denied].map((name) => watch(world, world.register(desired(name, 1))))
    await world.clock.advance(0)
    for (const { outcome } of again) {
      expect(outcome).toEqual({
        kind: 'unavailable',
        cause: 'denied',
        reason: expect.stringContaining('CREATE and DELETE'),
      })
    }
  })

  it('are bisected once, however many they are: 50 of 500, and all others are written within a minute', async () => {
    const { world, denied, names, deniedCalls } = await herd(500, 50)
    await world.clock.advance(60_000)
    const right = names.filter((name, index) => world.held(name, 'A') === addressOf(index + 1))
    expect(right).toEqual(names.filter((name) => !denied.has(name)))
    // From then on each is tried by itself, once a minute, until it is given up 15 minutes after it was asked for.
    const before = deniedCalls()
    await world.clock.advance(10 * 60_000)
    expect(deniedCalls() - before).toBeLessThanOrEqual(50 * 10)
    const newcomer = watch(world, world.register(home(9)))
    await world.clock.advance(3000)
    expect(newcomer.outcome).toMatchObject({ kind: 'good' })
  })

  it('keep nobody waiting who comes later, however many they are: 1500', async () => {
    const { world } = await herd(1500, 1500)
    await world.clock.advance(10_000)
    for (let number = 1; number <= 12; number++) {
      const newcomer = watch(world, world.register(desired(`new${number}.example.com`, number)))
      await world.clock.advance(10_000)
      expect(newcomer.outcome).toMatchObject({ kind: 'good' })
    }
  })

  it('are told apart from one that is allowed: 1 among 50, within 20 s', async () => {
    const { world, denied } = await herd(50, 50)
    denied.delete('h25.example.com')
    await world.clock.advance(20_000)
    expect(world.held('h25.example.com', 'A')).toBe(addressOf(26))
  })

  it('are all tried at once when one of them is accepted', async () => {
    const { world, denied } = await herd(205, 5)
    await world.clock.advance(20_000)
    const all = [...denied]
    denied.clear()
    await world.clock.advance(45_000)
    for (const name of all) expect(world.held(name, 'A')).toBeDefined()
  })
})

const addressOf = (number: number) => describeTarget(home(number).target)

describe('closing', () => {
  it('writes what waits and takes no more', async () => {
    const world = withZone(['none', 'none', 'throttled'])
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(50)
    const closed = world.registrar.close()
    const late = watch(world, world.register(home(2)))
    await world.clock.advance(20_000)
    await closed
    expect(answer.outcome?.kind).toBe('good')
    expect(late.outcome?.kind).toBe('unavailable')
    expect(world.held('home.example.com', 'A')).toBe('203.0.0.1')
  })

  it('names what was not written within 20 s', async () => {
    const world = withZone()
    await warm(world)
    world.model.hold(world.model.zones()[0]?.id ?? '')
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(50)
    let isClosed = false
    void world.registrar.close().then(() => {
      isClosed = true
    })
    await world.clock.advance(20_000)
    expect(isClosed).toBe(true)
    expect(answer.outcome?.kind).toBe('unavailable')
    expect(world.log.at(-1)).toContain('not written before the service had to end')
    expect(world.log.at(-1)).toContain('home.example.com A')
  })
})

describe('handing over', () => {
  it('gives away what is not settled, tells those who wait, and begins no call any more', async () => {
    const world = withZone()
    await warm(world)
    world.model.hold(world.model.zones()[0]?.id ?? '')
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(5000)
    world.model.log.clear()
    expect(world.registrar.release()).toEqual([home(1)])
    await world.clock.advance(60_000)
    expect(answer.outcome).toEqual({
      kind: 'unavailable',
      cause: 'handed-over',
      reason: 'another process goes on with it',
    })
    expect(world.model.log.calls).toEqual([])
    expect(world.clock.timers).toBe(0)
    const later = watch(world, world.register(home(1)))
    await world.clock.advance(0)
    expect(later.outcome).toMatchObject({ kind: 'unavailable' })
  })

  it('recalls what is known, and nothing while it may not remember', async () => {
    let mayRemember = true
    const settled: unknown[] = []
    const onSettled = (...settlement: unknown[]) => void settled.push(settlement)
    const world = withZone([], {
      rememberSinceMs: () => (mayRemember ? 0 : Number.POSITIVE_INFINITY),
      onSettled,
    })
    expect(world.registrar.recall(home(1))).toBeUndefined()
    const answer = watch(world, world.register(home(1)))
    expect(world.registrar.recall(home(1))).toBeUndefined()
    await world.clock.advance(1000)
    expect(settled).toEqual([[home(1), answer.outcome]])
    expect(world.registrar.recall(home(1))).toEqual({ kind: 'nochg', address: '203.0.0.1' })
    expect(world.registrar.recall(home(2))).toBeUndefined()
    mayRemember = false
    expect(world.registrar.recall(home(1))).toBeUndefined()
    world.model.log.clear()
    const again = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(again.outcome?.kind).toBe('nochg')
    expect(world.model.log.calls.map(({ action }) => action)).toEqual(['ListResourceRecordSets'])
    // What it writes meanwhile takes the place of what it knew before.
    void world.register(home(2))
    await world.clock.advance(1000)
    mayRemember = true
    expect(world.registrar.recall(home(1))).toBeUndefined()
    expect(world.registrar.recall(home(2))).toEqual({ kind: 'nochg', address: '203.0.0.2' })
  })
})

describe('ending', () => {
  it('leaves no timer behind', async () => {
    const world = withZone()
    await warm(world)
    void world.registrar.close()
    await world.clock.advance(0)
    expect(world.clock.timers).toBe(0)
  })

  it('does not wait for a pause that only the owner could shorten', async () => {
    const world = withZone()
    await warm(world)
    const refused = () => Promise.reject(callError('InvalidClientTokenId'))
    Object.assign(world.route53, { listRecordSets: refused, change: refused })
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(100)
    expect(answer.outcome).toMatchObject({ kind: 'unavailable' })
    const startMs = world.clock.now()
    let closedAtMs = Number.NaN
    void world.registrar.close().then(() => {
      closedAtMs = world.clock.now()
    })
    await world.clock.advance(20_000)
    expect(closedAtMs).toBe(startMs)
    expect(world.log.at(-1)).toContain('home.example.com A')
  })

  it('cuts a pause after a failure and tries once more at once', async () => {
    const plan: Mishap[] = []
    const world = withZone(plan)
    await warm(world)
    plan.push('throttled', 'throttled', 'throttled')
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(3000)
    expect(answer.outcome).toBeUndefined()
    plan.length = 0
    const startMs = world.clock.now()
    void world.registrar.close()
    await world.clock.advance(20_000)
    expect(answer).toMatchObject({ outcome: { kind: 'good' } })
    expect((answer.atMs ?? 0) - startMs).toBeLessThan(1000)
  })
})

it('takes a bug of its own for no lost answer: it is logged, and the record is tried again', async () => {
  const world = withZone()
  await warm(world)
  const { change } = world.route53
  world.route53.change = async () => {
    throw new TypeError('x is not a function')
  }
  const answer = watch(world, world.register(home(1)))
  await world.clock.advance(1000)
  expect(world.log.join('')).toContain('a bug of this service')
  expect(world.log.join('')).toContain('x is not a function')
  world.route53.change = change
  await world.clock.advance(10_000)
  expect(answer.outcome).toMatchObject({ kind: 'good', address: '203.0.0.1' })
})

describe('whoever asks again for a record that only the owner can get written', () => {
  it('is told the reason at once when its name is denied', async () => {
    const world = withZone()
    await warm(world)
    world.route53.change = () => Promise.reject(callError('AccessDenied'))
    const first = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(first.outcome).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('IAM policy'),
    })
    for (const number of [1, 2]) {
      const again = watch(world, world.register(home(number)))
      await world.clock.advance(0)
      expect(again.outcome).toEqual(first.outcome)
    }
  })

  it('is told the reason at once while the credentials are wrong', async () => {
    const world = withZone()
    await warm(world)
    const refused = () => Promise.reject(callError('InvalidClientTokenId'))
    Object.assign(world.route53, { listRecordSets: refused })
    const first = watch(world, world.register(home(1)))
    await world.clock.advance(100)
    const again = watch(world, world.register(home(1)))
    await world.clock.advance(0)
    expect(again.outcome).toEqual({
      kind: 'unavailable',
      cause: 'credentials',
      reason: 'InvalidClientTokenId',
    })
    expect(again.outcome).toEqual(first.outcome)
  })

  it('hears the last fault when nothing else is known', async () => {
    const world = simulate(() => 'throttled')
    world.model.addZone({ name: 'example.com' })
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(20_000)
    expect(answer.outcome).toEqual({
      kind: 'unavailable',
      cause: 'throttled',
      reason: expect.stringContaining('Throttling'),
    })
  })
})

describe('the list of zones', () => {
  it('is asked again on a miss, at most every 5 minutes', async () => {
    const world = withZone()
    const lists = () => world.model.log.calls.filter(({ action }) => action === 'ListHostedZones').length
    await warm(world)
    const elsewhere = () => watch(world, world.register(desired('home.example.org', 1)))
    for (let minute = 0; minute < 4; minute++) {
      const answer = elsewhere()
      await world.clock.advance(60_000)
      expect(answer.outcome?.kind).toBe('refused')
    }
    expect(lists()).toBe(0)
    world.model.addZone({ name: 'example.org' })
    await world.clock.advance(60_000)
    const answer = elsewhere()
    await world.clock.advance(1000)
    expect(answer.outcome?.kind).toBe('good')
    expect(lists()).toBe(1)
  })

  it('does not answer from the memory of a zone that is gone', async () => {
    const world = withZone()
    void world.register(home(1))
    void world.register(desired('other.example.com', 1))
    await world.clock.advance(1000)
    world.model.deleteZone(world.model.zones()[0]?.id ?? '')
    const zone = world.model.addZone({ name: 'example.com' })
    void world.register(desired('other.example.com', 2)) // finds out
    await world.clock.advance(5000)
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(5000)
    expect(answer.outcome?.kind).toBe('good')
    expect(zone.get('home.example.com', 'A')).toHaveLength(1)
  })

  it('does not come back to a zone in a rush that Route 53 lists but does not know', async () => {
    const world = withZone()
    await warm(world)
    world.route53.listRecordSets = () => Promise.reject(callError('NoSuchHostedZone'))
    void world.register(home(1))
    await world.clock.advance(60_000)
    expect(world.model.log.calls.length).toBeLessThan(12)
  })

  it('moves what waits to a narrower zone that becomes known, and never writes it in two at once', async () => {
    const world = withZone()
    await warm(world)
    const wide = world.model.zones()[0]
    const release = world.model.hold(wide?.id ?? '')
    const name = 'home.sub.example.com'
    void world.register(desired(name, 1))
    await world.clock.advance(1000)
    const narrow = world.model.addZone({ name: 'sub.example.com' })
    // A name of no zone makes the list be asked for again.
    await world.clock.advance(5 * 60_000)
    void world.register(desired('home.example.org', 1))
    const newer = watch(world, world.register(desired(name, 2)))
    await world.clock.advance(1000)
    release()
    await world.clock.advance(20_000)
    expect(newer.outcome).toMatchObject({ kind: 'good', address: '203.0.0.2' })
    expect(narrow.get(name, 'A')[0]?.values).toEqual(['203.0.0.2'])
    expect(wide?.get(name, 'A')).toEqual([])
  })

  it('is asked for anew every 5 minutes while registrations come: a longer zone is found, and takes over', async () => {
    const world = withZone()
    const name = 'home.sub.example.com'
    const call = async (number: number) => {
      const answer = watch(world, world.register(desired(name, number)))
      await world.clock.advance(2000)
      return answer.outcome
    }
    expect(await call(1)).toMatchObject({ kind: 'good' })
    const [wide] = world.model.zones()
    const narrow = world.model.addZone({ name: 'sub.example.com' })
    expect(await call(2)).toMatchObject({ kind: 'good' })
    expect(narrow.get(name, 'A')).toEqual([])
    await world.clock.advance(5 * 60_000)
    await call(2)
    expect(await call(3)).toMatchObject({ kind: 'good', address: '203.0.0.3' })
    expect(narrow.get(name, 'A')[0]?.values).toEqual(['203.0.0.3'])
    expect(wide?.get(name, 'A')[0]?.values).toEqual(['203.0.0.2'])
    const warning = world.log.find((line) => line.includes('a new zone'))
    expect(warning).toContain(`"hosts":["${name}"]`)
    expect(warning).toContain(`"widerId":"${wide?.id}"`)
    const lists = world.model.log.calls.filter(({ action }) => action === 'ListHostedZones')
    expect(lists).toHaveLength(2)
  })

  it('may not be had for a while: the last one stays, and nobody waits for it', async () => {
    const world = withZone()
    await warm(world)
    await world.clock.advance(5 * 60_000)
    world.route53.listZones = () => Promise.reject(callError('AccessDenied'))
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(1000)
    expect(answer.outcome).toMatchObject({ kind: 'good' })
    expect(world.log.join('')).toContain('hosted zones could not be listed')
  })

  it('is asked again when Route 53 says that a zone is gone', async () => {
    const world = withZone()
    await warm(world)
    world.model.deleteZone(world.model.zones()[0]?.id ?? '')
    const zone = world.model.addZone({ name: 'example.com' })
    const answer = watch(world, world.register(home(1)))
    await world.clock.advance(5000)
    expect(answer.outcome?.kind).toBe('good')
    expect(zone.get('home.example.com', 'A')).toHaveLength(1)
  })
})

it('brings a whole town right within 1.15 of what the quota allows, with the account’s whole quota', async () => {
  const world = withZone([], {
    requestQuota: { burst: 50, perSecond: 10 },
    changeQuota: { burst: 1500, perSecond: 100 },
  })
  const names = Array.from({ length: 5000 }, (_, index) => `h${index}.example.com`)
  let rightAtMs = 0
  const modem = async (name: string, index: number) => {
    for (;;) {
      const outcome = await world.register(desired(name, index + 1))
      if (outcome.kind !== 'unavailable') break
      await new Promise<void>((resolve) => world.clock.after(60_000, resolve))
    }
    rightAtMs = Math.max(rightAtMs, world.clock.now())
  }
  const modems = Promise.all(names.map(modem))
  await world.clock.advance(10 * 60_000)
  await modems
  for (const [index, name] of names.entries())
    expect(world.held(name, 'A')).toBe(describeTarget(desired(name, index + 1).target))
  const calls = world.model.log.calls
  const last = calls.filter(({ action }) => action === 'ChangeResourceRecordSets').at(-1)?.atMs ?? 0
  expect(last).toBeLessThan(1.15 * 85_000)
  expect(world.model.log.statistics().throttled / calls.length).toBeLessThan(0.05)
  expect(rightAtMs).toBeLessThan(3 * 60_000)
})
