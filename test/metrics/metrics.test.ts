import { spawnSync } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import {
  type Answer,
  bucket,
  hosts,
  key,
  request,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/world.js'
import { type Exposition, readExposition } from './exposition.js'

const token = 'a-token-for-the-metrics'
const forever = Number.POSITIVE_INFINITY
const hasPromtool = spawnSync('promtool', ['--version']).status === 0

let world: World
afterEach(() => world.close())

async function start(options: WorldOptions = {}): Promise<void> {
  world = await startWorld({ ...options, env: { DYNDNS_METRICS_TOKEN: token, ...options.env } })
}

function ask(authorization?: string, from = '198.51.100.9', init: RequestInit = {}): Promise<Answer> {
  const headers = authorization === undefined ? {} : { authorization }
  return request(`${world.url}/metrics`, undefined, from, { ...init, headers })
}

async function read(): Promise<Exposition> {
  return readExposition((await ask(`Bearer ${token}`)).body)
}

describe('who sees the figures', () => {
  it('nobody without DYNDNS_METRICS_TOKEN: the path is not there', async () => {
    world = await startWorld()
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 404, body: 'not found' })
    expect(await ask()).toMatchObject({ status: 404, body: 'not found' })
  })

  it('who has the token, in the format of Prometheus', async () => {
    await start()
    const answer = await ask(`bearer  ${token}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(readExposition(answer.body).value('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect((await ask(undefined, undefined, { method: 'POST' })).status).toBe(405)
    expect(world.printed()).not.toContain(token)
  })

  it.each([
    ['no login', undefined],
    ['another token', `Bearer ${token}x`],
    ['the beginning of it', `Bearer ${token.slice(0, -1)}`],
    ['nothing behind Bearer', 'Bearer '],
    ['the token alone', token],
    [
      'a login of a host',
      `Basic ${Buffer.from(`${hosts.home.user}:${hosts.home.token}`).toString('base64')}`,
    ],
    ['the token as a password', `Basic ${Buffer.from(`x:${token}`).toString('base64')}`],
  ])('not who sends %s', async (_, authorization) => {
    await start()
    const answer = await ask(authorization)
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('Bearer TOKEN') })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="dyndns53"')
    expect((await read()).value('dyndns53_failed_logins_total')).toBe(authorization === undefined ? 0 : 1)
  })

  it('not who guesses: wrong tokens lock out like every wrong login, and are counted with them', async () => {
    await start({ env: { DYNDNS_LOGIN_FAILURES: '3' } })
    const guesser = '203.0.113.66'
    await world.register({ ...hosts.home, token: 'a-guess' }, guesser)
    for (const _ of [2, 3]) expect((await ask('Bearer a-guess-of-the-token', guesser)).status).toBe(401)
    const answer = await ask(`Bearer ${token}`, guesser)
    expect(answer.status).toBe(503)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await world.register(hosts.home, guesser)).status).toBe(503)
    const figures = await read()
    expect(figures.value('dyndns53_failed_logins_total')).toBe(3)
    expect(figures.value('dyndns53_lockouts_total')).toBe(1)
    expect(world.printed()).not.toContain('a-guess')
  })
})

describe('the figures', () => {
  it('begin at 0, so that the first of each is an increase', async () => {
    await start()
    const figures = await read()
    const good = { outcome: 'good', cause: 'none', family: 'ipv4' }
    expect(figures.value('dyndns53_registrations_total', good)).toBe(0)
    expect(figures.value('dyndns53_route53_calls_total', { operation: 'change', fault: 'denied' })).toBe(0)
    for (const name of ['records_written', 'records_given_up', 'failed_logins', 'lockouts'])
      expect(figures.value(`dyndns53_${name}_total`)).toBe(0)
  })

  it('count registrations by outcome, cause and family, and measure the waiting time', async () => {
    await start()
    await world.register(hosts.home, '203.0.113.7')
    await world.register(hosts.home, '203.0.113.7')
    await world.register(hosts.home, undefined, { path: '/nic/update?myip=203.0.113.7,2001:db8::7' })
    world.zone.put({ name: hosts.cabin.user, type: 'CNAME', ttl: 60, values: ['x.example.net.'] })
    await world.register(hosts.cabin)
    const figures = await read()
    const count = (outcome: string, cause: string, family: string) =>
      figures.value('dyndns53_registrations_total', { outcome, cause, family })
    expect(count('good', 'none', 'ipv4')).toBe(1)
    expect(count('nochg', 'none', 'ipv4')).toBe(2)
    expect(count('good', 'none', 'ipv6')).toBe(1)
    expect(count('refused', 'in-the-way', 'ipv4')).toBe(1)
    expect(figures.value('dyndns53_records_written_total')).toBe(2)
    const waited = 'dyndns53_registration_duration_seconds'
    expect(figures.value(`${waited}_count`, { outcome: 'nochg' })).toBe(2)
    expect(figures.value(`${waited}_bucket`, { outcome: 'good', le: '+Inf' })).toBe(2)
    expect(figures.value(`${waited}_sum`, { outcome: 'good' })).toBeGreaterThan(0)
  })

  it('count calls to Route 53 by operation and fault, and measure them and their batches', async () => {
    await start()
    world.route53.inject({ kind: 'throttle' })
    await Promise.all([world.register(hosts.home), world.register(hosts.cabin)])
    const figures = await read()
    const calls = (operation: string, fault: string) =>
      figures.value('dyndns53_route53_calls_total', { operation, fault })
    expect([calls('list-zones', 'throttled'), calls('list-zones', 'none')]).toEqual([1, 1])
    const { writes } = world.route53.model.log.statistics()
    expect(calls('change', 'none')).toBe(writes)
    expect(figures.value('dyndns53_route53_call_duration_seconds_count', { operation: 'change' })).toBe(
      writes,
    )
    expect(figures.value('dyndns53_route53_batch_changes_count')).toBe(writes)
    expect(figures.value('dyndns53_route53_batch_changes_sum')).toBe(2)
  })

  it('tell how many records wait', async () => {
    await start({ timing: { waitMs: 300, closeMs: 100, route53TimeoutMs: 200 } })
    expect((await read()).value('dyndns53_records_waiting')).toBe(0)
    const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'
    const mend = world.route53.inject({ kind: 'stall', times: forever, on: isChange })
    await Promise.all([world.register(hosts.home), world.register(hosts.cabin)])
    expect((await read()).value('dyndns53_records_waiting')).toBe(2)
    mend()
    await expect
      .poll(async () => (await read()).value('dyndns53_records_waiting'), { timeout: 20_000 })
      .toBe(0)
  })

  it('tell of the host database: its hosts, its bad lines, and for how long nothing newer was known', async () => {
    await start({
      waitUntilLoaded: false,
      s3Faults: [{ kind: 'refuse', status: 503, code: 'SlowDown', message: '' }],
    })
    await world.service.loaded
    const loaded = await read()
    expect(loaded.value('dyndns53_host_database_hosts')).toBe(2)
    expect(loaded.value('dyndns53_host_database_bad_lines')).toBe(0)
    world.s3.put(bucket, key, `${hosts.home.user},${hosts.home.token}\nno-host\nnone-either\n`)
    await world.service.refresh()
    const newer = await read()
    expect(newer.value('dyndns53_host_database_hosts')).toBe(1)
    expect(newer.value('dyndns53_host_database_bad_lines')).toBe(2)
    expect(newer.value('dyndns53_host_database_failures_total')).toBe(0)
    const age = (figures: Exposition) => figures.value('dyndns53_host_database_age_seconds') ?? Number.NaN
    const before = age(await read())
    expect(before).toBeGreaterThanOrEqual(0)
    // Neither a version without a host nor the same one again makes what is in use any younger; only S3's word for it does.
    world.s3.put(bucket, key, 'junk\n')
    for (const failures of [1, 1]) {
      await world.service.refresh()
      const figures = await read()
      expect(age(figures)).toBeGreaterThan(before)
      expect(figures.value('dyndns53_host_database_failures_total')).toBe(failures)
    }
    const old = age(await read())
    world.s3.put(bucket, key, `${hosts.home.user},${hosts.home.token}\n`)
    await world.service.refresh()
    expect(age(await read())).toBeLessThan(old)
  })

  it('have no age of the host database before there is one', async () => {
    await start({ waitUntilLoaded: false, s3Faults: [{ kind: 'stall' }] })
    expect((await read()).value('dyndns53_host_database_age_seconds')).toBeUndefined()
  })

  it('name no host, address or token, whatever happens', async () => {
    await start()
    await world.register(hosts.home, '203.0.113.7', { headers: { 'user-agent': 'my-client' } })
    await world.register({ ...hosts.home, token: 'a-guess' }, '203.0.113.8')
    world.zone.protect(hosts.cabin.user, 'A', 'hands off')
    await world.register(hosts.cabin)
    const { body } = await ask(`Bearer ${token}`)
    expect(body).not.toMatch(/example\.com|203\.0\.113|my-client|guess|token/)
  })

  it.skipIf(!hasPromtool)(
    `please promtool${hasPromtool ? '' : ' (promtool, of Debian’s prometheus, is not installed)'}`,
    async () => {
      await start()
      await world.register(hosts.home)
      const { body } = await ask(`Bearer ${token}`)
      const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: body,
        encoding: 'utf8',
      })
      // What it finds odd is of the process figures that every Node program has.
      const ours = stderr.split('\n').filter((line) => line.startsWith('dyndns53_'))
      expect([status === 0 || status === 3, ours]).toEqual([true, []])
    },
  )
})

if (!hasPromtool && process.env['CLIENTS_REQUIRED']) {
  it('promtool is installed', () => {
    throw new Error('promtool is not installed, and CLIENTS_REQUIRED is set: see .ci/run')
  })
}
