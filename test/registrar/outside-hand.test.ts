import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { type Login, startWorld, type World } from '../support/world.js'

/** Somebody with a console changes a record between the service's look and its write; over the wire, alone and in a batch. */

const logins: Login[] = Array.from({ length: 60 }, (_, index) => ({
  user: `h${index}.example.com`,
  token: `token-${index}`,
}))
const [touched] = logins as [Login]
const name = touched.user
const before = '203.0.113.7'
const wanted = '203.0.113.8'
const timing = { route53TimeoutMs: 5000, waitMs: 15_000, closeMs: 100 }

let world: World
beforeEach(async () => {
  world = await startWorld({
    csv: logins.map(({ user, token }) => `${user},${token}\n`).join(''),
    timing,
    env: { DYNDNS_REQUESTS_PER_SECOND: '1000', DYNDNS_CHANGES_PER_SECOND: '10000' },
  })
})
afterEach(() => world.close())

const isChangeOf = (host: string) => (call: Call) =>
  call.action === 'ChangeResourceRecordSets' && JSON.stringify(call).includes(`"${host}."`)
const changes = () =>
  world.route53.model.log.calls.filter(({ action }) => action === 'ChangeResourceRecordSets')

/** What every one of these hosts is answered when it asks for this address; all at once. */
async function ask(some: readonly Login[], from: string): Promise<string[]> {
  const answers = await Promise.all(some.map((login) => world.register(login, from)))
  return answers.map(({ status, body }) => `${status} ${body}`)
}

const put = (values: string[], ttl = 60) => world.zone.put({ name, type: 'A', ttl, values })

const edits: [what: string, edit: () => void, answer: string, held: string[]][] = [
  ['another address', () => put(['198.51.100.9']), `200 good ${wanted}`, [wanted]],
  ['another TTL', () => put([before], 300), `200 good ${wanted}`, [wanted]],
  ['the address that is wanted', () => put([wanted]), `200 nochg ${wanted}`, [wanted]],
  ['nothing', () => world.zone.remove(name, 'A'), `200 good ${wanted}`, [wanted]],
  [
    'a set of several values',
    () => put(['198.51.100.1', '198.51.100.2']),
    '500 dnserr',
    ['198.51.100.1', '198.51.100.2'],
  ],
  [
    'a CNAME',
    () => {
      world.zone.remove(name, 'A')
      world.zone.put({ name, type: 'CNAME', ttl: 60, values: ['x.example.net.'] })
    },
    '500 dnserr',
    [],
  ],
  [
    'a routing policy',
    () => {
      world.zone.remove(name, 'A')
      world.zone.put({ name, type: 'A', ttl: 60, values: [before], setIdentifier: 'blue', weight: 1 })
    },
    '500 dnserr',
    [before],
  ],
]

describe.each([
  ['a lone request', logins.slice(0, 1)],
  ['a batch of 60', logins],
])('%s', (_, some) => {
  it.each(edits)('a record becomes %s', async (_what, edit, answer, held) => {
    await ask(some, before)
    world.route53.model.log.clear()
    world.route53.inject({ kind: 'meddle', edit, on: isChangeOf(name) })
    const [first, ...others] = await ask(some, wanted)
    expect(first).toBe(answer)
    expect(world.held(name)).toEqual(held)
    expect(others).toEqual(others.map(() => `200 good ${wanted}`))
    // A batch may be written in two parts even so; what was changed costs a call or two more.
    expect(changes().length).toBeLessThanOrEqual(some.length === 1 ? 2 : 4)
    expect(changes().filter((call) => JSON.stringify(call).includes('UPSERT'))).toEqual([])
  })

  it.each(edits.filter(([what]) => what !== 'nothing'))(
    'where nothing was, there is %s',
    async (_what, edit, answer, held) => {
      world.route53.inject({ kind: 'meddle', edit, on: isChangeOf(name) })
      const [first, ...others] = await ask(some, wanted)
      expect(first).toBe(answer)
      expect(world.held(name)).toEqual(held)
      expect(others).toEqual(others.map(() => `200 good ${wanted}`))
    },
  )

  it('a record becomes another address before each of our tries: 911, and tried on', async () => {
    await ask(some, before)
    let edits = 0
    world.route53.inject({
      kind: 'meddle',
      edit: () => put([`198.51.100.${++edits}`]),
      on: isChangeOf(name),
      times: 7,
    })
    const [first, ...others] = await ask(some, wanted)
    expect(first).toBe('503 911')
    expect(others).toEqual(others.map(() => `200 good ${wanted}`))
    expect(world.printed()).toContain('keeps changing')
    await expect.poll(() => world.held(name), { timeout: 12_000, interval: 200 }).toEqual([wanted])
  })

  it('a record is taken away before offline=YES takes it away: nochg', async () => {
    await ask(some, before)
    world.route53.inject({ kind: 'meddle', edit: () => world.zone.remove(name, 'A'), on: isChangeOf(name) })
    const { status, body } = await world.register(touched, before, { path: '/nic/update?offline=YES' })
    expect(`${status} ${body}`).toBe('200 nochg')
  })

  it('a record becomes another address before offline=YES takes it away: taken away all the same', async () => {
    await ask(some, before)
    world.route53.inject({ kind: 'meddle', edit: () => put(['198.51.100.9']), on: isChangeOf(name) })
    const { status, body } = await world.register(touched, before, { path: '/nic/update?offline=YES' })
    expect(`${status} ${body}`).toBe('200 good')
    expect(world.held(name)).toEqual([])
  })
})

it('all records of a batch become what is wanted, as if another process had been faster: nochg to each, in one call more', async () => {
  await ask(logins, before)
  world.route53.model.log.clear()
  const edit = () => {
    for (const { user } of logins) world.zone.put({ name: user, type: 'A', ttl: 60, values: [wanted] })
  }
  world.route53.inject({ kind: 'meddle', edit, on: (call) => call.action === 'ChangeResourceRecordSets' })
  const answers = await ask(logins, wanted)
  expect(new Set(answers)).toEqual(new Set([`200 nochg ${wanted}`]))
  expect(changes().length).toBeLessThanOrEqual(2)
})
