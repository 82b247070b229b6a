import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Call } from '../../../emulators/route53/calls.js'
import { hosts, startWorld, type World } from '../../support/world.js'
import { ask, challengeValue, failureOf, homeChallenge, textsAt } from './asking.js'

const csv = `home.example.com,${hosts.home.token}
nas.example.com,${hosts.home.token}
elsewhere.example.org,elsewhere-token
`
const [one, other, third] = [challengeValue(1), challengeValue(2), challengeValue(3)]
const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'

let world: World
beforeEach(async () => {
  world = await startWorld({ csv })
})
afterEach(() => world.close())

describe('Route 53', () => {
  it('a CNAME in the way: 500, and where to send the challenge', async () => {
    world.zone.put({ name: homeChallenge, type: 'CNAME', ttl: 60, values: ['acme.example.net.'] })
    expect(failureOf(await ask(world, '/present', one))).toMatch(
      /^500 Route 53 holds at _acme-challenge\.home\.example\.com a CNAME to acme\.example\.net\.? \(a challenge goes to that name then/,
    )
  })

  it('no zone: 500', async () => {
    const login = { user: 'elsewhere.example.org', token: 'elsewhere-token' }
    const fqdn = '_acme-challenge.elsewhere.example.org.'
    expect(failureOf(await ask(world, '/present', one, { login, fqdn }))).toMatch(
      /^500 no public hosted zone/,
    )
  })

  it('a rejection that quotes the value: 500, without it', async () => {
    const message = `[Invalid Resource Record: FATAL problem: Odd encountered with '"${one}"']`
    world.route53.inject({
      kind: 'refuse',
      on: isChange,
      status: 400,
      code: 'InvalidChangeBatch',
      message,
      times: 9,
    })
    const answer = await ask(world, '/present', one)
    expect(failureOf(answer)).toMatch(/^500 Route 53 rejects the change of .*…/)
  })

  it('out of reach: 503, and done in the end', async () => {
    await world.close()
    world = await startWorld({ csv, timing: { waitMs: 300 } })
    world.route53.inject({
      kind: 'refuse',
      on: isChange,
      status: 503,
      code: 'ServiceUnavailable',
      message: 'no',
      times: 2,
    })
    expect(failureOf(await ask(world, '/present', one))).toMatch(/^503 Route 53 has not accepted it yet/)
    await vi.waitUntil(() => textsAt(world).length === 1, 10_000)
  })

  it('a value that somebody adds between our look and our write is kept', async () => {
    await ask(world, '/present', one)
    const values = [`"${one}"`, '"theirs"']
    const edit = () => world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 60, values })
    world.route53.inject({ kind: 'meddle', edit, on: isChange })
    expect((await ask(world, '/present', other)).status).toBe(200)
    expect(textsAt(world)).toEqual([one, 'theirs', other])
  })

  it('an answer that was lost: 200 once it is seen to be done', async () => {
    world.route53.inject({ kind: 'apply-then-reset', on: isChange })
    expect((await ask(world, '/present', one)).status).toBe(200)
    expect(textsAt(world)).toEqual([one])
    expect((await ask(world, '/cleanup', one)).status).toBe(200)
    expect(textsAt(world)).toEqual([])
  })
})

describe('many at once', () => {
  it('two hosts, a name and its wildcard each: one batch has all that waits', async () => {
    const nas = '_acme-challenge.nas.example.com'
    const answers = await Promise.all(
      [homeChallenge, nas].flatMap((fqdn) =>
        [one, other].map((value) => ask(world, '/present', value, { fqdn })),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const name of [homeChallenge, nas]) expect(textsAt(world, name).sort()).toEqual([one, other])
    expect(world.route53.model.log.statistics().writes).toBeLessThanOrEqual(2)
  })

  it('200 of 100 hosts are batched, set and cleaned up', async () => {
    await world.close()
    const names = Array.from({ length: 100 }, (_, index) => `h${index}.example.com`)
    world = await startWorld({ csv: names.map((name) => `${name},t\n`).join('') })
    const login = { user: 'h0.example.com', token: 't' }
    // Calls that take their time, as real ones do: what comes meanwhile waits for the next batch.
    world.route53.inject({ kind: 'delay', ms: 200, on: isChange, times: 200 })
    const all = (path: string) =>
      Promise.all(
        names.flatMap((name) =>
          [one, other].map((value) => ask(world, path, value, { login, fqdn: `_acme-challenge.${name}` })),
        ),
      )
    expect((await all('/present')).filter(({ status }) => status !== 200)).toEqual([])
    expect(names.filter((name) => textsAt(world, `_acme-challenge.${name}`).length !== 2)).toEqual([])
    const { writes } = world.route53.model.log.statistics()
    expect(writes).toBeLessThanOrEqual(20)
    expect((await all('/cleanup')).filter(({ status }) => status !== 200)).toEqual([])
    expect(world.zone.records().filter(({ type }) => type === 'TXT')).toEqual([])
    expect(world.route53.model.log.statistics().writes - writes).toBeLessThanOrEqual(20)
  })

  it('challenges and addresses are in no batch together', async () => {
    const register = (from: string) => world.register(hosts.home, from)
    await Promise.all([register('203.0.113.1'), ask(world, '/present', one), ask(world, '/present', other)])
    await Promise.all([register('203.0.113.2'), ask(world, '/present', third), ask(world, '/cleanup', other)])
    const batches = world.route53.model.log.calls.flatMap((call) =>
      'changes' in call ? [new Set(call.changes.map(({ recordSet }) => recordSet.type === 'TXT')).size] : [],
    )
    expect(batches.length).toBeGreaterThan(2)
    expect(new Set(batches)).toEqual(new Set([1]))
  })
})

describe('a full set', () => {
  it('loses the oldest value that this service wrote, and none of somebody else', async () => {
    world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 60, values: ['"theirs"'] })
    const values = Array.from({ length: 9 }, (_, index) => challengeValue(index))
    for (const value of values) expect((await ask(world, '/present', value)).status).toBe(200)
    expect(textsAt(world)).toEqual(['theirs', ...values.slice(2)])
  })

  it('keeps a value that stood there before it was asked for, and drops one that was told to be late', async () => {
    await world.close()
    world = await startWorld({ csv, timing: { waitMs: 300 } })
    const theirs = challengeValue(100)
    world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 60, values: [`"${theirs}"`] })
    expect((await ask(world, '/present', theirs)).status).toBe(200)
    world.route53.inject({ kind: 'delay', ms: 1000, on: isChange })
    expect((await ask(world, '/present', one)).status).toBe(503)
    await vi.waitUntil(() => textsAt(world).length === 2, 10_000)
    expect((await ask(world, '/present', one)).status).toBe(200)
    const values = Array.from({ length: 7 }, (_, index) => challengeValue(index + 10))
    for (const value of values)
      await vi.waitUntil(async () => (await ask(world, '/present', value)).status === 200, 10_000)
    expect(textsAt(world)).toEqual([theirs, ...values])
  })

  it('takes none any more where all are of somebody else', async () => {
    const values = Array.from({ length: 8 }, (_, index) => `"${index}"`)
    world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 60, values })
    expect(failureOf(await ask(world, '/present', one))).toMatch(/^500 .* holds 8 TXT values of others/)
    expect(textsAt(world)).toHaveLength(8)
  })
})

describe('a value that nobody cleans up', () => {
  it('goes after a day', async () => {
    await world.close()
    world = await startWorld({ csv, timing: { challengeAgeMs: 200, challengeSweepMs: 50 } })
    world.zone.put({ name: homeChallenge, type: 'TXT', ttl: 60, values: ['"theirs"'] })
    await ask(world, '/present', one)
    await vi.waitUntil(() => textsAt(world).length === 1, 10_000)
    expect(textsAt(world)).toEqual(['theirs'])
  })

  it('goes when the service ends, if it is old, and stays if it is young', async () => {
    await world.close()
    world = await startWorld({ csv, timing: { challengeAgeMs: 3000 } })
    await ask(world, '/present', one)
    await new Promise((resolve) => setTimeout(resolve, 3100))
    await ask(world, '/present', other)
    await world.service.close()
    expect(textsAt(world)).toEqual([other])
  })
})
