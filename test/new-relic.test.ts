import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type S3Emulator, startS3Emulator } from '../emulators/s3/emulator.js'
import { type ServerProcess, spawnServer } from './support/server-process.js'
import { awsEnvironment, bucket, hosts, key, request } from './support/world.js'

let s3: S3Emulator
let cwd: string
let server: ServerProcess

beforeEach(async () => {
  s3 = await startS3Emulator({ buckets: [bucket] })
  s3.put(bucket, key, `${hosts.home.user},${hosts.home.token}\n`)
  cwd = await mkdtemp(join(tmpdir(), 'dyndns53-new-relic-'))
})
afterEach(async () => {
  server.child.kill('SIGKILL')
  await server.exited
  await s3.close()
  await rm(cwd, { recursive: true })
})

const licenceKey = '0123456789abcdef0123456789abcdef01234567'

/** Starts the built server in the empty directory and gives its "listening" line, as soon as its hosts are loaded. */
async function start(env: Record<string, string>): Promise<Record<string, unknown>> {
  server = spawnServer({ ...awsEnvironment(s3, { url: 'http://127.0.0.1:9' }), ...env }, cwd)
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
    expect(await readdir(cwd)).toEqual([])
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
    expect(await readdir(cwd)).toEqual([])
  })
})
