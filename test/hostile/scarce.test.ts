import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { basic, type Login } from '../support/world.js'
import { askNoCloud, licenceKey } from './collector.js'
import { type Ground, logins, onGround } from './ground.js'
import { startLoad } from './load.js'
import { answersIn, type Conversation, eventually, open } from './wire.js'

const [home, cabin] = logins as [(typeof logins)[0], (typeof logins)[0]]

describe.concurrent('when there are no more files to open (EMFILE)', () => {
  /** Connections until the process has no file left for another; at most 128 files, which it needs to start, so they are few. */
  const exhaust = (port: number) => Promise.all(Array.from({ length: 200 }, () => open(port)))

  const startPoor = (ground: Ground) =>
    ground.start({ DYNDNS_RECHECK_SECONDS: '0' }, true, ['/bin/sh', '-c', 'ulimit -n 128; exec "$0" "$@"'])

  async function release(connections: readonly Conversation[]): Promise<void> {
    for (const { socket } of connections) socket.destroy()
    await Promise.all(connections.map(({ closed }) => closed))
  }

  /** What came of a request: its status, or nothing. (Node's fetch may wait for ever where it is hung up on early.) */
  async function ask(port: number): Promise<string> {
    const { closed, received } = await open(
      port,
      'GET /check_ip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    await closed
    return received().slice(0, 12)
  }

  it('connections are refused, the process lives, and serves when some have gone', () =>
    onGround(async (ground) => {
      const running = await startPoor(ground)
      for (let round = 0; round < 2; round++) {
        const connections = await exhaust(running.port)
        await eventually(() => connections.filter(({ socket }) => socket.destroyed).length > 20)
        const asked = ask(running.port)
        await release(connections)
        expect(['', 'HTTP/1.1 200']).toContain(await asked)
        await eventually(async () => (await ask(running.port)) === 'HTTP/1.1 200')
      }
      expect((await running.register(home)).body).toBe('good 203.0.113.7')
      running.process.child.kill('SIGTERM')
      expect(await running.process.exited).toBe(0)
      expect(running.process.printed()).not.toMatch(/^\s+at |uncaught/im)
    }))

  it('a registration on a connection of before is answered truly, and written in the end', () =>
    onGround(async (ground) => {
      const { port, register } = await startPoor(ground)
      const update = (login: Login) =>
        `GET /register_ip HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(login)}\r\n\r\n`
      const { socket, received } = await open(port, update(cabin))
      await eventually(() => received().endsWith('good 127.0.0.1'))
      const connections = await exhaust(port)
      // Another connection to Route 53 is needed, for which there may be no file.
      ground.route53.inject({ kind: 'reset' })
      const calls = ground.route53.model.log.calls.length
      socket.write(update(home))
      await eventually(() => ground.route53.model.log.calls.length > calls)
      await sleep(500)
      await release(connections)
      await eventually(() => received().split('HTTP/1.1 ').length > 2)
      expect(answersIn(received())[1]).toMatchObject({ status: 200, body: 'good 127.0.0.1' })
      expect(ground.held(home.user)).toEqual(['127.0.0.1'])
      await eventually(async () => (await ask(port)) === 'HTTP/1.1 200')
      expect((await register(home, '203.0.113.8')).body).toBe('good 203.0.113.8')
      socket.destroy()
    }))
})

describe.concurrent('when nobody reads its output any more', () => {
  it.each<[string, Record<string, string>]>([
    ['alone', {}],
    [
      'with New Relic, which prints there too',
      {
        ...askNoCloud,
        NEW_RELIC_LICENSE_KEY: licenceKey,
        NEW_RELIC_HOST: '127.0.0.1',
        NEW_RELIC_PORT: '9',
      },
    ],
  ])('it serves on, truly, and ends well: %s', (_, env) =>
    onGround(async (ground) => {
      const running = await ground.start({ ...env, DYNDNS_CHANGES_PER_SECOND: '10000' })
      const { child, exited } = running.process
      expect((await running.register(home)).body).toBe('good 203.0.113.7')
      child.stdout?.destroy()
      child.stderr?.destroy()
      for (let index = 0; index < 20; index++) {
        expect((await running.register({ ...cabin, token: 'wrong' }, `198.51.100.${index}`)).status).toBe(401)
      }
      expect((await running.register(cabin)).body).toBe('good 203.0.113.7')
      expect(ground.held(cabin.user)).toEqual(['203.0.113.7'])
      const load = startLoad(ground, running)
      await eventually(() => load.done() > 20)
      child.kill('SIGTERM')
      await load.over
      load.expectTruth()
      expect(await exited).toBe(0)
    }),
  )

  it('or ever has', () =>
    onGround(async (ground) => {
      const running = ground.spawn({ PORT: '0' }, ['/bin/sh', '-c', 'exec "$0" "$@" >&- 2>&-'])
      await eventually(() => ground.s3.calls.length > 0)
      running.child.kill('SIGTERM')
      expect(await running.exited).toBe(0)
    }))
})
