import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { basic } from '../support/world.js'
import { type Ground, logins, onGround, type Running } from './ground.js'
import { type Load, startLoad } from './load.js'
import { eventually, expectClean, open } from './wire.js'

const [home] = logins as [(typeof logins)[0]]
const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'

async function end({ process }: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  process.child.kill(signal)
  expect(await process.exited).toBe(signal === 'SIGKILL' ? signal : 0)
}

/** A server with the quota to be busy, and a load that is well under way. */
async function startUnderLoad(ground: Ground): Promise<{ running: Running; load: Load }> {
  const quota = { DYNDNS_REQUESTS_PER_SECOND: '1000', DYNDNS_CHANGES_PER_SECOND: '10000' }
  const running = await ground.start(quota)
  ground.route53.latencyMs = 20
  const load = startLoad(ground, running)
  await eventually(() => load.done() > 100)
  return { running, load }
}

/** Every host registers with the server that was started next, and finds it right. */
async function expectRight(ground: Ground, { register }: Running): Promise<void> {
  for (const [index, login] of logins.entries()) {
    const address = `203.0.113.${index}`
    expect((await register(login, address)).body).toBe(`good ${address}`)
    expect(ground.held(login.user)).toEqual([address])
    expect((await register(login, address)).body).toBe(`nochg ${address}`)
  }
}

describe.concurrent('SIGTERM', () => {
  it('idle, with connections kept open by clients, ends at once and well', () =>
    onGround(async (ground) => {
      const running = await ground.start()
      await running.register(home)
      const idle = await open(running.port)
      const request = `GET /register_ip HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(home)}\r\n\r\n`
      const kept = await open(running.port, request)
      await eventually(() => kept.received().endsWith('127.0.0.1'))
      await end(running)
      await Promise.all([idle.closed, kept.closed])
      expect(running.process.printed()).not.toContain('"level":50')
    }))

  it('under load: every answer was true', () =>
    onGround(async (ground) => {
      const { running, load } = await startUnderLoad(ground)
      await end(running)
      await load.over
      load.expectTruth()
      await expectRight(ground, await ground.start())
    }))

  it('with slowloris on 100 sockets ends all the same', () =>
    onGround(async (ground) => {
      const running = await ground.start()
      const head = 'POST /nic/update HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n'
      const hanging = await Promise.all(Array.from({ length: 100 }, () => open(running.port, head)))
      await end(running)
      await Promise.all(hanging.map(({ closed }) => closed))
      for (const { received } of hanging) expectClean(received())
    }))

  it('twice, during a write: the write is finished and answered', () =>
    onGround(async (ground) => {
      const running = await ground.start()
      ground.route53.inject({ kind: 'delay', ms: 1500, on: isChange })
      const answer = running.register(home)
      await eventually(() => ground.route53.model.log.statistics().reads === 2)
      running.process.child.kill('SIGTERM')
      await running.process.logged('shutting down')
      running.process.child.kill('SIGTERM')
      running.process.child.kill('SIGINT')
      expect((await answer).body).toBe('good 203.0.113.7')
      expect(await running.process.exited).toBe(0)
      expect(ground.held(home.user)).toEqual(['203.0.113.7'])
    }))

  it.each([0, 200, 400])('during start, %d ms after it: no harm is done', (ms) =>
    onGround(async (ground) => {
      const server = ground.spawn()
      await sleep(ms)
      server.child.kill('SIGTERM')
      // Before there is anything to end well, the signal ends it by itself.
      expect([0, 'SIGTERM']).toContain(await server.exited)
      expect(server.printed()).not.toMatch(/"level":[56]0|^\s+at /m)
    }),
  )

  it('while S3 says nothing: it ends well, and who waits hears 911', () =>
    onGround(async (ground) => {
      ground.s3.inject({ kind: 'stall', times: 10 })
      const running = await ground.start({}, false)
      expect(await running.register(home)).toMatchObject({ status: 503, body: '911' })
      await end(running)
    }))

  it('between two tries to reach S3', () =>
    onGround(async (ground) => {
      await ground.s3.close()
      const running = await ground.start({}, false)
      await running.process.logged('host database not loaded yet, will be tried again')
      await end(running)
    }))
})

describe.concurrent('SIGKILL, and started again', () => {
  it('under load: every answer was true, and the next registrations are right', () =>
    onGround(async (ground) => {
      const { running, load } = await startUnderLoad(ground)
      await end(running, 'SIGKILL')
      await load.over
      load.expectTruth()
      await expectRight(ground, await ground.start())
    }))

  const halfDone: [string, (ground: Ground) => void][] = [
    ['a write that Route 53 is still applying', ({ route53 }) => Object.assign(route53, { latencyMs: 1500 })],
    ['a write that never came there', ({ route53 }) => route53.inject({ kind: 'stall', on: isChange })],
    [
      'a write whose answer never came',
      ({ route53 }) => route53.inject({ kind: 'apply-then-stall', on: isChange }),
    ],
  ]
  it.each(halfDone)('during %s: the next registration is right', (_, arrange) =>
    onGround(async (ground) => {
      ground.zone.put({ name: home.user, type: 'A', ttl: 60, values: ['192.0.2.1'] })
      const first = await ground.start()
      arrange(ground)
      const answer = first.register(home).catch(() => 'none')
      await eventually(() => ground.route53.model.log.calls.some(isChange))
      await end(first, 'SIGKILL')
      expect(await answer).toBe('none')
      ground.route53.latencyMs = 0
      // Meanwhile the lease has changed: the old write may not win.
      const second = await ground.start()
      expect((await second.register(home, '203.0.113.8')).body).toBe('good 203.0.113.8')
      expect(ground.held(home.user)).toEqual(['203.0.113.8'])
    }),
  )

  it('a write that comes to Route 53 only then is put right by the next registration that looks', () =>
    onGround(async (ground) => {
      const first = await ground.start()
      ground.route53.inject({ kind: 'stall', on: isChange })
      const answer = first.register(home).catch(() => 'none')
      await eventually(() => ground.route53.model.log.calls.some(isChange))
      await end(first, 'SIGKILL')
      expect(await answer).toBe('none')
      const second = await ground.start({ DYNDNS_RECHECK_SECONDS: '0' })
      expect((await second.register(home, '203.0.113.8')).body).toBe('good 203.0.113.8')
      ground.zone.put({ name: home.user, type: 'A', ttl: 60, values: ['203.0.113.7'] })
      expect((await second.register(home, '203.0.113.8')).body).toBe('good 203.0.113.8')
      expect(ground.held(home.user)).toEqual(['203.0.113.8'])
    }))
})
