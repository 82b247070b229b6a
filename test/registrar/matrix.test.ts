import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Fault } from '../../emulators/faults.js'
import type { Call } from '../../emulators/route53/calls.js'
import { startRoute53Emulator } from '../../emulators/route53/server.js'
import { type Answer, type Login, startWorld, type World } from '../support/world.js'

/** Every fault of Route 53 over the wire, for a lone request and inside a batch of several hosts. */

const logins: Login[] = Array.from({ length: 12 }, (_, index) => ({
  user: `h${index}.example.com`,
  token: `token-${index}`,
}))
const [culprit] = logins as [Login]
const csv = logins.map(({ user, token }) => `${user},${token}\n`).join('')
const timing = { route53TimeoutMs: 400, waitMs: 15_000, closeMs: 100 }
const forever = Number.POSITIVE_INFINITY

let world: World
beforeEach(async () => {
  world = await startWorld({ csv, timing, env: { DYNDNS_REQUESTS_PER_SECOND: '1000' } })
})
afterEach(() => world.close())

const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'
const isRead = ({ action }: Call) => action === 'ListResourceRecordSets'

/** All at once: the first starts a cycle by itself, and the others make the next one's batch. */
const registerAll = (some: readonly Login[]) => Promise.all(some.map((login) => world.register(login)))
const bodies = (answers: readonly Answer[]) => answers.map(({ status, body }) => `${status} ${body}`)
const good = '200 good 203.0.113.7'

/** A lone request, or a batch that the culprit is part of. */
const sizes = [
  ['a lone request', logins.slice(0, 1)],
  ['a batch', logins],
] as const

describe.each(sizes)('%s', (_, some) => {
  const passing: [string, Fault<Call>][] = [
    ['throttled once', { kind: 'throttle', on: isChange }],
    ['throttled at the read', { kind: 'throttle', on: isRead }],
    ['500 once', { kind: 'raw', status: 500, body: '<html>', on: isChange }],
    [
      '503 twice',
      { kind: 'refuse', status: 503, code: 'ServiceUnavailable', message: '', on: isChange, times: 2 },
    ],
    ['broken XML', { kind: 'raw', status: 200, body: '<Change', on: isChange }],
    ['reset before it is applied', { kind: 'reset', on: isChange }],
    ['reset after it is applied', { kind: 'apply-then-reset', on: isChange }],
    ['stalled beyond the timeout', { kind: 'stall', on: isChange }],
    ['stalled after it is applied', { kind: 'apply-then-stall', on: isChange }],
    ['reset at the read', { kind: 'reset', on: isRead }],
    ['reset at the list of zones', { kind: 'reset', on: ({ action }) => action === 'ListHostedZones' }],
  ]
  it.each(passing)('%s: good in the end, and truly', async (_what, fault) => {
    world.route53.inject(fault)
    expect(new Set(bodies(await registerAll(some)))).toEqual(new Set([good]))
    for (const { user } of some) expect(world.held(user)).toEqual(['203.0.113.7'])
    expect(world.route53.model.log.statistics(world.zone.id).maxChangesInFlight).toBe(1)
  })

  it('reads instead of writing again when the answer was lost after it was applied', async () => {
    world.route53.inject({ kind: 'apply-then-reset', on: isChange })
    await registerAll(some)
    const changes = world.route53.model.log.calls.filter(isChange)
    expect(changes).toHaveLength(some.length === 1 ? 1 : 2)
  })

  it('another tool’s change is in flight', async () => {
    const release = world.route53.model.hold(world.zone.id)
    const answers = registerAll(some)
    await expect.poll(() => world.route53.model.log.statistics().priorRequestNotComplete).toBeGreaterThan(0)
    release()
    expect(new Set(bodies(await answers))).toEqual(new Set([good]))
  })

  it('refused a connection, then there again', async () => {
    const { port, model } = world.route53
    await world.route53.close()
    const answers = registerAll(some)
    await new Promise((resolve) => setTimeout(resolve, 600))
    const again = await startRoute53Emulator({ port, model })
    expect(new Set(bodies(await answers))).toEqual(new Set([good]))
    await again.close()
  })

  it('the zone is deleted meanwhile', async () => {
    await registerAll(some)
    world.route53.model.deleteZone(world.zone.id)
    const answers = await Promise.all(some.map((login) => world.register(login, '203.0.113.8')))
    expect(new Set(bodies(answers))).toEqual(new Set(['500 dnserr']))
  })

  const inTheWay: [string, (name: string) => void][] = [
    ['CNAME', (name) => world.zone.put({ name, type: 'CNAME', ttl: 60, values: ['x.example.net.'] })],
    [
      'alias',
      (name) => {
        const aliasTarget = { hostedZoneId: 'Z2', dnsName: 'lb.example.net', evaluateTargetHealth: false }
        world.zone.put({ name, type: 'A', aliasTarget })
      },
    ],
    [
      'weighted',
      (name) =>
        world.zone.put({ name, type: 'A', ttl: 60, values: ['192.0.2.1'], setIdentifier: 'blue', weight: 1 }),
    ],
    [
      'multi-value',
      (name) => world.zone.put({ name, type: 'A', ttl: 60, values: ['192.0.2.1', '192.0.2.2'] }),
    ],
    ['protected', (name) => world.zone.protect(name, 'A', 'hands off')],
  ]
  it.each(inTheWay)(
    '%s at the name: dnserr for it alone, and nothing of it is touched',
    async (_what, put) => {
      put(culprit.user)
      const before = JSON.stringify(world.route53.model.zone(world.zone.id).records())
      const [first, ...others] = bodies(await registerAll(some))
      expect(first).toBe('500 dnserr')
      expect(others).toEqual(others.map(() => good))
      for (const { user } of some.slice(1)) world.zone.remove(user, 'A')
      expect(JSON.stringify(world.route53.model.zone(world.zone.id).records())).toBe(before)
    },
  )

  it('the old form of InvalidChangeBatch', async () => {
    world.route53.invalidChangeBatchForm = 'InvalidChangeBatch'
    world.zone.protect(culprit.user, 'A', 'hands off')
    const [first, ...others] = bodies(await registerAll(some))
    expect(first).toBe('500 dnserr')
    expect(others).toEqual(others.map(() => good))
  })

  it('AccessDenied for one name: 911 for it alone, and it is written by itself later', async () => {
    world.route53.allow = (call) => !isChange(call) || !JSON.stringify(call).includes(`"${culprit.user}.`)
    const [first, ...others] = bodies(await registerAll(some))
    expect(first).toBe('503 911')
    expect(others).toEqual(others.map(() => good))
  })
})

it('1 poisoned of 500: the other 499 are written, at the cost of a few more calls', async () => {
  await world.close()
  const town = Array.from({ length: 500 }, (_, index) => ({ user: `h${index}.example.com`, token: 't' }))
  const env = { DYNDNS_CHANGES_PER_SECOND: '10000' }
  // Nothing of it is about calls that are given up.
  const patient = { ...timing, route53TimeoutMs: 8000 }
  world = await startWorld({ csv: town.map(({ user }) => `${user},t\n`).join(''), timing: patient, env })
  world.route53.latencyMs = 300 // all of the town is there when the first cycle ends
  world.zone.protect('h250.example.com', 'A', 'hands off')
  const answers = bodies(await registerAll(town))
  expect(answers.filter((answer) => answer === good)).toHaveLength(499)
  expect(answers[250]).toBe('500 dnserr')
  expect(world.route53.model.log.calls.length).toBeLessThan(10 + 2 * Math.log2(500))
})

it('throttled for 10 s: good in the end, for a lone request and for a batch', async () => {
  await world.close()
  world = await startWorld({ csv })
  const stop = world.route53.inject({ kind: 'throttle', times: forever })
  setTimeout(stop, 10_000)
  expect(new Set(bodies(await registerAll(logins)))).toEqual(new Set([good]))
})

describe('for good', () => {
  it.each<[string, Fault<Call>]>([
    ['throttled', { kind: 'throttle', times: forever }],
    ['500', { kind: 'raw', status: 500, body: '', times: forever }],
    ['reset', { kind: 'reset', times: forever }],
  ])('%s: 911 to everybody, nothing written, and all of it named at the end', async (_, fault) => {
    await world.close()
    world = await startWorld({ csv, timing: { ...timing, waitMs: 500 } })
    world.route53.inject(fault)
    expect(new Set(bodies(await registerAll(logins)))).toEqual(new Set(['503 911']))
    await world.service.close()
    for (const { user } of logins) expect(world.printed()).toContain(`${user} A`)
    expect(world.printed()).toContain('not written before the service had to end')
  })
})
