import { AsyncLocalStorage } from 'node:async_hooks'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { monotonicClock } from '../../src/net/clock.js'
import { createNotices, type NoticeTiming, noticeTiming } from '../../src/notices/notices.js'
import { parseTargets } from '../../src/notices/targets.js'
import { hosts, startWorld, type World, type WorldOptions } from '../support/world.js'
import { type Receiver, type Reply, startReceiver, status } from './receiver.js'

const receivers: Receiver[] = []
const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
  for (const receiver of receivers.splice(0)) await receiver.close()
})

async function receive(reply?: Reply): Promise<Receiver> {
  const receiver = await startReceiver(reply)
  receivers.push(receiver)
  return receiver
}

/** The service with notices to these URLs, which come after 50 ms and not after seconds. */
async function serve(
  urls: string,
  timing: Partial<NoticeTiming> = {},
  { env, ...options }: WorldOptions = {},
): Promise<World> {
  const world = await startWorld({
    ...options,
    env: { DYNDNS_NOTIFY_URL: urls, ...env },
    timing: { ...options.timing, notices: { ...noticeTiming, gatherMs: 50, ...timing } },
  })
  worlds.push(world)
  return world
}

const eventually = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 15_000, interval: 20 })
const { home, cabin } = hosts

describe('a changed address', () => {
  it('comes in the form of each service', async () => {
    const receiver = await receive()
    const at = (form: string, path: string) => `${form}+http://${receiver.host}/${path}`
    const world = await serve(
      [
        at('json', 'json'),
        at('ntfy', 'topic'),
        at('slack', 'services/a/b/c'),
        at('mattermost', 'hooks/a'),
        at('discord', 'api/webhooks/1/a'),
        at('telegram', 'bot1:a/sendMessage?chat_id=7'),
      ].join(' '),
    )
    await world.register(home, '203.0.113.7')
    await eventually(() => receiver.received.length === 6)
    const title = 'home.example.com is now at 203.0.113.7'
    const bodies = Object.fromEntries(receiver.received.map(({ path, body }) => [path, JSON.parse(body)]))
    expect(bodies).toEqual({
      '/json': expect.objectContaining({
        kind: 'address-changed',
        title,
        items: [{ host: home.user, type: 'A', address: '203.0.113.7', times: 1 }],
      }),
      '/': expect.objectContaining({ topic: 'topic', title, message: title }),
      '/services/a/b/c': { text: `\`\`\`\n${title}\n\`\`\`` },
      '/hooks/a': { text: `\`\`\`\n${title}\n\`\`\`` },
      '/api/webhooks/1/a': expect.objectContaining({ content: `\`\`\`\n${title}\n\`\`\`` }),
      '/bot1:a/sendMessage': expect.objectContaining({ chat_id: '7', text: title }),
    })
  })

  it('says what was there before, and an unchanged one nothing', async () => {
    const receiver = await receive()
    const world = await serve(`http://${receiver.host}/`)
    world.zone.put({ name: home.user, type: 'A', ttl: 60, values: ['203.0.113.7'] })
    await world.register(home, '203.0.113.7')
    await world.register(home, '203.0.113.8')
    await eventually(() => receiver.received.length > 0)
    await world.close()
    expect(receiver.bodies()).toMatchObject([
      { text: 'home.example.com is now at 203.0.113.8\nIt was at 203.0.113.7 before.' },
    ])
  })

  it('of a host that flaps is told twice, and the last one is true', async () => {
    const receiver = await receive()
    const world = await serve(`http://${receiver.host}/`, { restMs: 1000 })
    await world.register(home, '203.0.113.1')
    await eventually(() => receiver.received.length === 1)
    for (const last of [2, 3, 4, 5]) await world.register(home, `203.0.113.${last}`)
    await eventually(() => receiver.received.length === 2)
    expect(receiver.bodies()[1]).toMatchObject({ title: 'home.example.com is now at 203.0.113.5', count: 4 })
  })

  it('of a herd of 500 hosts is one notice, or two', async () => {
    const receiver = await receive()
    const names = Array.from({ length: 500 }, (_, index) => `h${index}.example.com`)
    const world = await serve(
      `http://${receiver.host}/`,
      { gatherMs: 3000 },
      {
        csv: names.map((name) => `${name},token-of-it\n`).join(''),
        timing: { waitMs: 60_000 },
      },
    )
    const answers = await Promise.all(
      names.map((user) => world.register({ user, token: 'token-of-it' }, '203.0.113.7')),
    )
    expect(answers.every(({ body }) => body === 'good 203.0.113.7')).toBe(true)
    await world.close()
    const notices = receiver.bodies() as { count: number; items: object[]; unnamed: number; title: string }[]
    expect(notices.length).toBeLessThanOrEqual(2)
    expect(notices.reduce((sum, { count }) => sum + count, 0)).toBe(500)
    expect(Math.max(...notices.map(({ items }) => items.length))).toBe(20)
  })
})

describe('the owner hears', () => {
  it('of a lockout', async () => {
    const receiver = await receive()
    const world = await serve(`http://${receiver.host}/`, {}, { env: { DYNDNS_LOGIN_FAILURES: '3' } })
    for (let tries = 0; tries < 5; tries++) await world.register({ ...home, token: 'wrong' }, '198.51.100.66')
    await eventually(() => receiver.received.length === 1)
    expect(receiver.bodies()).toMatchObject([
      { kind: 'locked-out', items: [{ from: '198.51.100.66', seconds: 600 }] },
    ])
  })

  it('of a bad line, and of a database without a good one', async () => {
    const receiver = await receive()
    const world = await serve(
      `http://${receiver.host}/`,
      {},
      { csv: `${home.user},${home.token}\nno token\n` },
    )
    await eventually(() => receiver.received.length === 1)
    world.s3.put('dyndns.example.com', 'database.csv', 'nothing here')
    await world.service.refresh()
    await eventually(() => receiver.received.length === 2)
    expect(receiver.bodies()).toMatchObject([
      { kind: 'database-lines', items: [{ badLines: 1, lines: [{ line: 2 }] }] },
      { kind: 'database-unreadable', severity: 'error' },
    ])
  })

  it('of a database that cannot be read', async () => {
    const receiver = await receive()
    const world = await serve(`http://${receiver.host}/`)
    world.s3.inject({ kind: 'refuse', status: 403, code: 'AccessDenied', message: 'no', times: 3 })
    await world.service.refresh()
    await eventually(() => receiver.received.length === 1)
    expect(receiver.bodies()).toMatchObject([{ kind: 'database-unreadable' }])
  })

  it('of what Route 53 denies, and of a wrong key', async () => {
    const receiver = await receive()
    const world = await serve(`http://${receiver.host}/`)
    const refuse = (code: string) =>
      world.route53.inject({
        kind: 'refuse',
        status: 403,
        code,
        message: 'canary-of-aws',
        on: ({ action }) => action === 'ChangeResourceRecordSets',
      })
    refuse('AccessDenied')
    await world.register(home, '203.0.113.7')
    await eventually(() => receiver.received.length === 1)
    refuse('InvalidClientTokenId')
    await world.register(cabin, '203.0.113.7')
    await eventually(() => receiver.received.length === 2)
    expect(receiver.bodies()).toMatchObject([
      { kind: 'route53-failed', items: [{ fault: 'denied', host: home.user }] },
      { kind: 'route53-failed', items: [{ fault: 'credentials' }] },
    ])
  })

  it('of a record that was given up', async () => {
    const receiver = await receive()
    const world = await serve(
      `http://${receiver.host}/`,
      {},
      {
        env: { DYNDNS_GIVE_UP_SECONDS: '1' },
        timing: { waitMs: 500 },
      },
    )
    world.route53.inject({
      kind: 'refuse',
      status: 503,
      code: 'ServiceUnavailable',
      message: 'no',
      times: 1000,
    })
    await world.register(home, '203.0.113.7')
    await eventually(() => receiver.bodies().some(({ kind }) => kind === 'record-given-up'))
    expect(receiver.bodies()).toContainEqual(
      expect.objectContaining({
        kind: 'record-given-up',
        items: [expect.objectContaining({ host: home.user, type: 'A', times: 1 })],
      }),
    )
  })

  it('of a host that is silent, once until it calls again', async () => {
    const receiver = await receive()
    const parsed = parseTargets(`http://${receiver.host}/`)
    const targets = 'targets' in parsed ? parsed.targets : []
    // An hour is the least that the variable takes.
    const notices = { targets, silentHours: 1 / 3600 }
    const silent = await serve('', { lookMs: 50, restMs: 100, herdMs: 100 }, { config: { notices } })
    await silent.register(home, '203.0.113.7')
    const ofHome = () =>
      receiver
        .bodies()
        .flatMap(({ kind, items }) =>
          kind === 'host-silent'
            ? (items as { host: string; lastCall?: string }[]).filter(({ host }) => host === home.user)
            : [],
        )
    await eventually(() => ofHome().length === 1)
    expect(Date.now() - Date.parse(ofHome()[0]?.lastCall ?? '')).toBeGreaterThanOrEqual(1000)
    await silent.register(home, '203.0.113.7')
    await eventually(() => ofHome().length === 2)
    await silent.close()
    expect(ofHome()).toHaveLength(2)
  })
})

describe('a receiver', () => {
  /** Registers while this receiver answers so; how the answer was, and what the log says of the notice. */
  async function registerBefore(
    url: string,
    until: (world: World) => boolean,
    timing: Partial<NoticeTiming> = {},
  ) {
    const world = await serve(url, timing)
    const { body } = await world.register(home, '203.0.113.7')
    await eventually(() => until(world))
    const logged = world.log.filter(({ msg }) => /notice/.test(String(msg)))
    return { world, body, logged }
  }
  const isLogged = (world: World) => world.printed().includes('notice not sent')

  it('that is down is tried again, and keeps nobody waiting', async () => {
    const gone = await receive()
    await gone.close()
    const { world, body, logged } = await registerBefore(
      `http://${gone.host}/S3CR3T`,
      (it) => it.held(home.user).length > 0,
    )
    expect({ body, logged }).toEqual({ body: 'good 203.0.113.7', logged: [] })
    await world.close()
    expect(world.log).toContainEqual(
      expect.objectContaining({ msg: 'notice not sent', to: gone.host, place: 1, reason: 'ECONNREFUSED' }),
    )
    expect(world.printed()).not.toContain('S3CR3T')
  })

  it('that redirects is not followed', async () => {
    const elsewhere = await receive()
    const moved = await receive(status(307, '', { location: `http://${elsewhere.host}/` }))
    const { body, logged } = await registerBefore(`http://${moved.host}/S3CR3T`, isLogged)
    expect(body).toBe('good 203.0.113.7')
    expect(logged).toMatchObject([{ tries: 1, reason: 'status 307: a redirect, which is not followed' }])
    expect(elsewhere.received).toEqual([])
  })

  it('that refuses is not asked again', async () => {
    const refusing = await receive(status(410, 'invalid_token'))
    const { logged } = await registerBefore(`slack+http://${refusing.host}/S3CR3T`, isLogged)
    expect(logged).toMatchObject([{ tries: 1, form: 'slack', reason: 'status 410: invalid_token' }])
    expect(refusing.received).toHaveLength(1)
  })

  it.each<[string, Reply, Reply]>([
    ['has an error', status(500), status(200)],
    ['has too much to do', status(429, '', { 'retry-after': '1' }), status(200)],
    ['is slow', () => {}, status(200)],
  ])('that %s gets the notice later', async (_, first, then) => {
    const receiver = await receive((response, times, request) =>
      (times === 0 ? first : then)(response, times, request),
    )
    const { body, logged } = await registerBefore(
      `http://${receiver.host}/`,
      () => receiver.received.length === 2,
      { requestMs: 300 },
    )
    expect({ body, logged }).toEqual({ body: 'good 203.0.113.7', logged: [] })
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body)
  })

  it('that never answers does not keep the service from ending', async () => {
    const silent = await receive(() => {})
    const { world } = await registerBefore(`http://${silent.host}/`, () => silent.received.length === 1)
    await world.close()
    expect(world.log).toContainEqual(expect.objectContaining({ msg: 'notice not sent' }))
  })

  it('does not keep another one waiting', async () => {
    const [silent, well] = [await receive(() => {}), await receive()]
    await registerBefore(`http://${silent.host}/ http://${well.host}/`, () => well.received.length === 1)
    expect(silent.received).toHaveLength(1)
  })
})

describe('a monitor', () => {
  /** Resolves when nothing has come for so long that something would have come. */
  async function untilQuiet(receiver: Receiver): Promise<void> {
    let before = -1
    while (receiver.received.length !== before) {
      before = receiver.received.length
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }

  it('is asked for while all is well, and not while it is not', async () => {
    const receiver = await receive()
    const world = await serve(
      `ping+http://u:p@${receiver.host}/api/push/a?status=up&msg=OK&ping=`,
      { pingMs: 50 },
      { timing: { waitMs: 300 } },
    )
    await eventually(() => receiver.received.length > 2)
    expect(receiver.received[0]).toMatchObject({
      method: 'GET',
      path: '/api/push/a?status=up&msg=OK&ping=',
      headers: { authorization: 'Basic dTpw' },
      body: '',
    })
    const refuse = (code: string, times: number) =>
      world.route53.inject({
        kind: 'refuse',
        status: 403,
        code,
        message: 'no',
        times,
        on: ({ action }) => action === 'ChangeResourceRecordSets',
      })
    // One host that is denied is nothing to the others.
    refuse('AccessDenied', 1)
    await world.register(home, '203.0.113.7')
    const before = receiver.received.length
    await eventually(() => receiver.received.length > before + 1)
    refuse('InvalidClientTokenId', 1000)
    await world.register(cabin, '203.0.113.7')
    await untilQuiet(receiver)
  })

  it('is not asked for before the database is there, nor when it cannot be read', async () => {
    const receiver = await receive()
    const world = await serve(
      `ping+http://${receiver.host}/`,
      { pingMs: 50 },
      {
        waitUntilLoaded: false,
        s3Faults: [{ kind: 'refuse', status: 503, code: 'SlowDown', message: 'no', times: 3 }],
      },
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(receiver.received).toEqual([])
    await world.service.loaded
    await eventually(() => receiver.received.length > 0)
    world.s3.inject({ kind: 'refuse', status: 403, code: 'AccessDenied', message: 'no', times: 3 })
    await world.service.refresh()
    await untilQuiet(receiver)
  })

  it('that is not reached is in the log once, and when it is reached again', async () => {
    const receiver = await receive((response, times) => void response.writeHead(times < 3 ? 500 : 200).end())
    const world = await serve(`ping+http://${receiver.host}/S3CR3T`, { pingMs: 20 })
    await eventually(() => receiver.received.length > 5)
    expect(world.log.filter(({ msg }) => /monitor/.test(String(msg)))).toMatchObject([
      { msg: 'monitor not reached', reason: 'status 500' },
      { msg: 'monitor reached again' },
    ])
    expect(world.printed()).not.toContain('S3CR3T')
  })
})

/** Notices to this receiver without a service before them. */
function notify(receiver: Receiver, { isWriter = true, now = () => new Date() } = {}) {
  const parsed = parseTargets(`http://${receiver.host}/`)
  return createNotices({
    targets: 'targets' in parsed ? parsed.targets : [],
    silentMs: undefined,
    refreshMs: 0,
    hosts: () => undefined,
    shared: undefined,
    isWriter: () => isWriter,
    clock: monotonicClock,
    now,
    random: Math.random,
    log: pino({ enabled: false }),
    timing: { ...noticeTiming, gatherMs: 50 },
  })
}
const lockedOut = { kind: 'locked-out', from: '192.0.2.66', seconds: 600 } as const

it('a notice is no part of the request in which it happened, of which the agent would note its URL', async () => {
  const receiver = await receive()
  const request = new AsyncLocalStorage<string>()
  const seen: (string | undefined)[] = []
  const now = () => {
    seen.push(request.getStore())
    return new Date()
  }
  const notices = notify(receiver, { now })
  request.run('a request', () => notices.hear(lockedOut))
  await eventually(() => receiver.received.length === 1)
  await notices.close()
  expect(seen).toEqual([undefined])
})

it('what every process finds out is told by the one that writes, or by one that ends', async () => {
  const receiver = await receive()
  const notices = notify(receiver, { isWriter: false })
  notices.hear({ kind: 'database-unreadable', reason: 'first' })
  notices.hear(lockedOut)
  await eventually(() => receiver.received.length === 1)
  expect(receiver.bodies()).toMatchObject([{ kind: 'locked-out' }])
  notices.hear({ kind: 'database-loaded', hosts: 1, problems: [{ line: 2, reason: 'no token' }] })
  await notices.close()
  expect(receiver.bodies().slice(1)).toMatchObject([{ kind: 'database-lines' }])
  notices.hear({ ...lockedOut, from: '192.0.2.67' })
  await notices.close()
  expect(receiver.received).toHaveLength(2)
})
