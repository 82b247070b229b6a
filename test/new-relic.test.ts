import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasOpenssl, startCollector } from './hostile/collector.js'
import { type ProcessWorld, startProcessWorld } from './support/processes.js'
import type { ServerProcess } from './support/server-process.js'
import { hosts, request } from './support/world.js'

let world: ProcessWorld
let server: ServerProcess

beforeEach(async () => {
  world = await startProcessWorld({ csv: `${hosts.home.user},${hosts.home.token}\n` })
})
afterEach(() => world.close())

const licenceKey = '0123456789abcdef0123456789abcdef01234567'

/** Starts the built server in the empty directory and gives its "listening" line, as soon as its hosts are loaded. */
async function start(env: Record<string, string>): Promise<Record<string, unknown>> {
  server = world.spawn(env)
  const lines = () => server.printed().split('\n').slice(0, -1)
  // The agent may add to a message.
  await expect
    .poll(lines, { timeout: 20_000 })
    .toContainEqual(expect.stringContaining('"host database loaded'))
  return JSON.parse(lines().find((line) => line.includes('"listening')) ?? '')
}

async function checkIp(port: unknown): Promise<string> {
  return (await request(`http://127.0.0.1:${port}/check_ip`)).body
}

/** A port of 127.0.0.1 where nobody listens. */
async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => listener.once('listening', resolve))
  const { port } = listener.address() as { port: number }
  await new Promise((resolve) => listener.close(resolve))
  return port
}

describe('without a licence key', () => {
  it.each([
    ['none', {}],
    ['an empty one', { NEW_RELIC_LICENSE_KEY: '' }],
    ['an app name only', { NEW_RELIC_APP_NAME: 'hosts', NEW_RELIC_LOG_LEVEL: 'trace' }],
  ])('New Relic is silent and absent: %s', async (_, env) => {
    const { port } = await start(env)
    expect(await checkIp(port)).toBe('127.0.0.1')
    expect(server.printed()).not.toMatch(/new ?relic/i)
    expect(server.printed()).not.toMatch(/^\s+at /m)
    for (const line of server.printed().trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
    expect(await world.files()).toEqual([])
  })
})

describe('with a licence key', () => {
  it('the agent watches under our name and logs to standard output; without its collector we serve all the same', async () => {
    const { port, msg } = await start({
      NEW_RELIC_LICENSE_KEY: licenceKey,
      NEW_RELIC_HOST: '127.0.0.1',
      NEW_RELIC_PORT: String(await closedPort()),
      // The agent then marks each of our log lines with its own name, if it was there before what writes them.
      NEW_RELIC_APPLICATION_LOGGING_LOCAL_DECORATING_ENABLED: 'true',
    })
    expect(msg).toMatch(/^listening NR-LINKING\|.*\|dyndns53\|$/)
    expect(await checkIp(port)).toBe('127.0.0.1')
    expect(await server.logged('Starting New Relic for Node.js connection process.')).toMatchObject({
      name: 'newrelic',
    })
    expect(server.printed()).not.toContain(licenceKey)
    expect(await world.files()).toEqual([])
  })
})

describe.skipIf(!hasOpenssl)('what New Relic is sent', () => {
  it('names transactions after our paths, and counts no refusal of a client as an error', async () => {
    const collector = await startCollector()
    try {
      const { port } = await start({ ...collector.env })
      const sent = (method: string) => collector.sent.filter((call) => call.method === method)
      await expect.poll(() => sent('connect').length, { timeout: 20_000 }).toBeGreaterThan(0)
      const wrong = { ...hosts.home, token: 'a-guess' }
      const paths = [
        '/register_ip',
        '/nic/update',
        '//nic/update/',
        '/v3/update',
        '/nic/other',
        '/nowhere',
        '//x',
      ]
      for (const path of [...paths, '/check_ip', '/checkip']) {
        for (const method of ['GET', 'POST', 'PUT']) {
          await request(`http://127.0.0.1:${port}${path}`, wrong, undefined, { method })
        }
      }
      // There is no zone, so the right login is answered by an error of the service's side.
      expect((await request(`http://127.0.0.1:${port}/register_ip`, hosts.home)).status).toBe(500)
      server.child.kill('SIGTERM')
      expect(await server.exited).toBe(0)
      const events = sent('analytic_event_data').flatMap(({ body }) => JSON.parse(body)[2])
      const names = events.map(([{ name, error }]) => `${name} ${error}`)
      for (const path of ['/register_ip', '/nic/update', '/v3/update', '/check_ip', '/checkip']) {
        expect(names).toContain(`WebTransaction/Expressjs/GET/${path} false`)
      }
      expect(names.filter((name) => /[\\^$+|?]/.test(name))).toEqual([])
      const errors = sent('error_event_data').flatMap(({ body }) => JSON.parse(body)[2])
      expect(errors.map(([{ 'error.message': message }]) => message)).toEqual(['HttpError 500'])
    } finally {
      await collector.close()
    }
  })
})
