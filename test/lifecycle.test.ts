import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Route53Emulator } from '../emulators/route53/server.js'
import type { Zone } from '../emulators/route53/zone.js'
import { type S3Emulator, startS3Emulator } from '../emulators/s3/emulator.js'
import { bucket, key, type ProcessWorld, secretKey, startProcessWorld } from './support/processes.js'
import { type ServerProcess, spawnServer } from './support/server-process.js'
import { hosts, request } from './support/world.js'

let world: ProcessWorld
let s3: S3Emulator
let route53: Route53Emulator
let zone: Zone
let server: ServerProcess

beforeEach(async () => {
  world = await startProcessWorld({ csv: `${hosts.home.user},${hosts.home.token}\n` })
  s3 = world.s3
  route53 = world.route53
  zone = route53.model.addZone({ name: 'example.com' })
})
afterEach(async () => {
  server.child.kill('SIGKILL')
  await server.exited
  await Promise.all([s3.close(), world.close()])
})

async function start(env: Record<string, string> = {}): Promise<string> {
  server = world.spawn(env)
  const { port } = await server.logged('listening')
  return `http://127.0.0.1:${port}`
}

describe('the built server', () => {
  it('registers, ends with 0 on SIGTERM, and leaves no file behind', async () => {
    server = world.spawn()
    const { port } = await server.logged('listening')
    await server.logged('host database loaded')
    const answer = await request(`http://127.0.0.1:${port}/register_ip`, hosts.home)
    expect(answer.body).toBe('good 127.0.0.1')
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(await world.files()).toEqual([])
  })

  it('answers good to a client whose write was under way at SIGTERM', async () => {
    const url = await start()
    await server.logged('host database loaded')
    route53.inject({ kind: 'delay', ms: 1500, on: ({ action }) => action === 'ChangeResourceRecordSets' })
    const answer = request(`${url}/register_ip`, hosts.home)
    await expect.poll(() => route53.model.log.statistics().reads).toBe(2)
    server.child.kill('SIGTERM')
    await server.logged('shutting down')
    await expect(request(`${url}/check_ip`)).rejects.toThrow()
    expect(await answer).toMatchObject({ status: 200, body: 'good 127.0.0.1' })
    expect(await server.exited).toBe(0)
    expect(zone.get('home.example.com', 'A')).toMatchObject([{ values: ['127.0.0.1'] }])
  })

  it('prints no token, key or header in a whole life', async () => {
    const url = await start({ DYNO: 'web.1' })
    await server.logged('host database loaded')
    await request(`${url}/register_ip?password=${hosts.home.token}`, hosts.home, '203.0.113.7')
    await request(`${url}/register_ip`, { ...hosts.home, token: 'WRONG-CANARY' }, 'junk')
    server.child.kill('SIGTERM')
    await server.exited
    for (const canary of [hosts.home.token, 'CANARY', secretKey, 'Basic ', 'password']) {
      expect(server.printed()).not.toContain(canary)
    }
  })

  it('ends with 1 and a reason when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    server = world.spawn({ PORT: String(port) })
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain(`"reason":"PORT: ${port} is in use: set another one"`)
    expect(server.printed()).not.toContain('"msg":"listening"')
    other.close()
  })

  it('warns of every variable that it does not know, with the nearest name and no value', async () => {
    await start({
      DYNDNS_ZONE_ID: 'Z1SECRET',
      DYNDNS_TRUSTPROXY: '1',
      DYNDNS_COLOUR: 'blue',
      DYNDNS_EMPTY: '',
    })
    await server.logged('host database loaded')
    const warnings = server
      .printed()
      .split('\n')
      .filter((line) => line.includes('a variable is not known'))
    expect(warnings.map((line) => JSON.parse(line).reason)).toEqual([
      'DYNDNS_ZONE_ID is set, and nothing reads it: write DYNDNS_ZONE_IDS, if that is meant',
      'DYNDNS_TRUSTPROXY is set, and nothing reads it: write DYNDNS_TRUST_PROXY, if that is meant',
      'DYNDNS_COLOUR is set, and nothing reads it: see docs/configuration.md for the names',
    ])
    expect(server.printed()).not.toContain('Z1SECRET')
  })

  it('names every missing variable at once', async () => {
    server = spawnServer({ PORT: 'http' })
    expect(await server.exited).toBe(1)
    for (const name of ['DYNDNS_BUCKET', 'DYNDNS_DATABASE', 'PORT']) expect(server.printed()).toContain(name)
  })
})

describe('the host database at start', () => {
  it('is tried again while S3 is down, and /check_ip answers meanwhile', async () => {
    const { port } = s3
    await s3.close()
    const url = await start()
    await server.logged('host database not loaded yet, will be tried again')
    expect((await request(`${url}/check_ip`)).body).toBe('127.0.0.1')
    const early = request(`${url}/register_ip`, hosts.home)
    s3 = await startS3Emulator({ port, store: s3.store })
    expect((await early).body).toBe('good 127.0.0.1')
    expect((await request(`${url}/register_ip`, hosts.home)).body).toBe('nochg 127.0.0.1')
  })

  it('is waited for by the call that wakes the service', async () => {
    s3.inject({ kind: 'delay', ms: 1500 })
    const url = await start()
    const answers = ['/register_ip', '/nic/update'].map((path) => request(url + path, hosts.home))
    expect((await request(`${url}/check_ip`)).body).toBe('127.0.0.1')
    expect(server.printed()).not.toContain('host database loaded')
    for (const answer of answers) {
      expect(await answer).toMatchObject({ status: 200, body: expect.stringMatching(/^(good|nochg) 127/) })
    }
    expect(zone.get('home.example.com', 'A')).toMatchObject([{ values: ['127.0.0.1'] }])
  })

  it('is looked at anew for a host that it has not, which is let in at its first call', async () => {
    const url = await start()
    await server.logged('host database loaded')
    s3.put(bucket, key, `${hosts.cabin.user},${hosts.cabin.token}\n`)
    expect((await request(`${url}/register_ip`, hosts.cabin)).body).toBe('good 127.0.0.1')
    expect((await request(`${url}/register_ip`, hosts.home)).body).toBe('badauth')
  })

  it('is waited for no longer at SIGTERM: who waits is answered', async () => {
    s3.inject({ kind: 'stall' })
    const url = await start()
    const answer = request(`${url}/register_ip`, hosts.home)
    expect((await request(`${url}/check_ip`)).body).toBe('127.0.0.1')
    server.child.kill('SIGTERM')
    expect(await answer).toMatchObject({ status: 503, body: '911' })
    expect(await server.exited).toBe(0)
  })

  it.each([
    ['the bucket does not exist', { DYNDNS_BUCKET: 'other-bucket' }, 'check DYNDNS_BUCKET'],
    ['the object does not exist', { DYNDNS_DATABASE: 'other.csv' }, 'check DYNDNS_DATABASE'],
  ])('ends the process when %s', async (_, env, sentence) => {
    server = world.spawn(env)
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain(sentence)
  })

  it.each([
    ['access is denied', { kind: 'refuse', status: 403, code: 'AccessDenied', message: '' }, 's3:GetObject'],
    [
      'the key is unknown',
      { kind: 'refuse', status: 403, code: 'InvalidAccessKeyId', message: '' },
      'AWS_ACCESS_KEY_ID',
    ],
    [
      'the secret is wrong',
      { kind: 'refuse', status: 403, code: 'SignatureDoesNotMatch', message: '' },
      'AWS_SECRET_ACCESS_KEY',
    ],
  ] as const)('ends the process when %s', async (_, fault, sentence) => {
    s3.inject({ ...fault, times: Number.POSITIVE_INFINITY })
    server = world.spawn()
    expect(await server.exited).toBe(1)
    expect(server.printed()).toContain(sentence)
  })
})
