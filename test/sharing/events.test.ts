import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Emulators, startEmulators } from '../../emulators/emulators.js'
import { readServerConfig } from '../../src/config/config.js'
import type { ServiceEvent } from '../../src/events.js'
import { createLogger } from '../../src/logger.js'
import { type Service, startService } from '../../src/service.js'
import { readExposition } from '../metrics/exposition.js'
import { awsEnvironment } from '../support/environment.js'
import { findPostgres, startPostgres, type TestDatabase, type TestPostgres } from '../support/postgres.js'
import { type Answer, request } from '../support/request.js'
import { describePostgres } from './cluster.js'

/** One of two services in this process. */
interface Process {
  readonly service: Service
  readonly events: ServiceEvent[]
  register(address: string): Promise<Answer>
}

const home = { user: 'home.example.com', token: 'token-of-home' }
const forever = Number.POSITIVE_INFINITY
const metricsToken = 'a-token-for-the-metrics'

let postgres: TestPostgres
beforeAll(async () => {
  if (findPostgres()) postgres = await startPostgres()
})
afterAll(() => postgres?.close())

describePostgres('what processes publish that share a PostgreSQL', () => {
  let emulators: Emulators
  let database: TestDatabase
  let processes: Process[]

  beforeEach(async () => {
    emulators = await startEmulators({ csv: `${home.user},${home.token}\n`, zones: ['example.com'] })
    database = await postgres.createDatabase()
    processes = []
  })
  afterEach(async () => {
    for (const { service } of processes) await service.close()
    await emulators.close()
  })

  /** Starts two, and waits until one of them writes for both. */
  async function startBoth(env: Record<string, string> = {}): Promise<void> {
    const aws = awsEnvironment(emulators.s3, emulators.route53)
    Object.assign(process.env, aws) // the SDK reads its part from there
    let lines = ''
    const config = readServerConfig({
      ...aws,
      DATABASE_URL: database.url,
      DYNDNS_TRUST_PROXY: '1',
      DYNDNS_LOGIN_FAILURES: '2',
      ...env,
    })
    const log = createLogger({
      write(line: string) {
        lines += line
      },
    })
    for (const _ of ['first', 'second']) {
      const events: ServiceEvent[] = []
      const timing = { waitMs: 2000, closeMs: 500 }
      const service = await startService(config, log, timing, [(event) => void events.push(event)])
      await service.loaded
      const url = `http://127.0.0.1:${service.port}/register_ip`
      processes.push({ service, events, register: (address) => request(url, home, address) })
    }
    await expect.poll(() => lines, { timeout: 20_000 }).toContain('this process writes to Route 53 for all')
    const present = 'SELECT count(*)::integer AS count FROM dyndns53.processes'
    await expect.poll(() => database.query(present), { timeout: 20_000 }).toEqual([{ count: 2 }])
  }

  async function waitingWith({ service }: Process): Promise<number | undefined> {
    const headers = { authorization: `Bearer ${metricsToken}` }
    const url = `http://127.0.0.1:${service.port}/metrics`
    const { body } = await request(url, undefined, undefined, { headers })
    return readExposition(body).value('dyndns53_records_waiting')
  }

  const published = (kind: string) =>
    processes.flatMap(({ events }) => events.filter((event) => event.kind === kind))

  it('each registration is published where it was asked for, and each write by the writer alone', async () => {
    await startBoth()
    const address = ['203.0.113.1', '203.0.113.2']
    for (const [index, { register }] of processes.entries()) await register(address[index] ?? '')
    for (const [index, { events }] of processes.entries()) {
      expect(events.filter(({ kind }) => kind === 'registration')).toMatchObject([
        { host: home.user, type: 'A', outcome: 'good', address: address[index] },
      ])
    }
    expect(published('record-written')).toMatchObject([
      { address: '203.0.113.1', previous: undefined },
      { address: '203.0.113.2', previous: '203.0.113.1' },
    ])
    expect(
      processes.filter(({ events }) => events.some(({ kind }) => kind === 'route53-called')),
    ).toHaveLength(1)
  })

  it('the cause of a refusal comes to whichever was asked', async () => {
    await startBoth()
    emulators.route53.model
      .zones()[0]
      ?.put({ name: home.user, type: 'CNAME', ttl: 60, values: ['x.example.'] })
    for (const { register } of processes) expect((await register('203.0.113.1')).status).toBe(500)
    const refused = { outcome: 'refused', cause: 'in-the-way' }
    expect(published('registration')).toMatchObject([refused, refused])
  })

  it('a record waits with the writer, whichever was asked', async () => {
    await startBoth({ DYNDNS_METRICS_TOKEN: metricsToken })
    emulators.route53.inject({ kind: 'throttle', times: forever })
    const told = await Promise.all(processes.map(({ register }) => register('203.0.113.1')))
    expect(told.map(({ status }) => status)).toEqual([503, 503])
    const waiting = await Promise.all(processes.map(waitingWith))
    expect(waiting.sort()).toEqual([0, 1])
  })

  it('a record is given up once', async () => {
    await startBoth({ DYNDNS_GIVE_UP_SECONDS: '1' })
    emulators.route53.inject({ kind: 'throttle', times: forever })
    await Promise.all(processes.map(({ register }) => register('203.0.113.1')))
    await expect.poll(() => published('record-given-up').length, { timeout: 40_000 }).toBeGreaterThan(0)
    const open = 'SELECT count(*)::integer AS count FROM dyndns53.wanted WHERE outcome IS NULL'
    await expect.poll(() => database.query(open), { timeout: 20_000 }).toEqual([{ count: 0 }])
    expect(published('record-given-up')).toEqual([
      { kind: 'record-given-up', host: home.user, type: 'A', reason: undefined },
    ])
  })

  it('a lockout is published by the processes to which its failed logins came', async () => {
    await startBoth()
    const [first, second] = processes
    const wrong = { ...home, token: 'a-guess' }
    for (const _ of [1, 2])
      await request(`http://127.0.0.1:${first?.service.port}/register_ip`, wrong, '203.0.113.9')
    await expect
      .poll(async () => (await second?.register('203.0.113.9'))?.status, { timeout: 10_000 })
      .toBe(503)
    expect(published('locked-out')).toEqual([{ kind: 'locked-out', from: '203.0.113.9', seconds: 600 }])
  })
})
