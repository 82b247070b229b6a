import { afterEach, describe, expect, it } from 'vitest'
import { startS3Emulator } from '../../emulators/s3/emulator.js'
import { bucket, hosts, key, request, startWorld, type World, type WorldOptions } from '../support/world.js'

let world: World
afterEach(() => world.close())

const guest = { user: 'guest.example.com', token: 'guest-token' }
const line = ({ user, token }: { user: string; token: string }) => `${user},${token}\n`

/** A service that looks for a new database only when the test says so. */
async function start(options: WorldOptions = {}): Promise<void> {
  world = await startWorld({ ...options, env: { DYNDNS_REFRESH_SECONDS: '0', ...options.env } })
}

const status = async (login: { user: string; token: string }) => (await world.register(login)).status
const loadedLines = () => world.log.filter(({ msg }) => msg === 'host database loaded')

describe('a new version of the host database', () => {
  it('is swapped in whole, and the log names the hosts that differ', async () => {
    await start()
    const changed = { ...hosts.home, token: 'another-token' }
    world.s3.put(bucket, key, line(changed) + line(guest))
    expect([await status(guest), await status(hosts.home)]).toEqual([401, 200])
    await world.service.refresh()
    expect([await status(guest), await status(changed)]).toEqual([200, 200])
    expect([await status(hosts.home), await status(hosts.cabin)]).toEqual([401, 401])
    expect(loadedLines()[1]).toMatchObject({
      hosts: 2,
      added: ['guest.example.com'],
      removed: ['cabin.example.com'],
      changed: ['home.example.com'],
    })
    expect(world.printed()).not.toContain('another-token')
  })

  it('is asked for by its ETag: an old one costs no body and no line', async () => {
    await start()
    for (let times = 0; times < 3; times++) await world.service.refresh()
    expect(world.s3.calls.map((call) => call.status)).toEqual([200, 304, 304, 304])
    expect(loadedLines()).toHaveLength(1)
  })

  it('is looked for by itself', async () => {
    world = await startWorld({ env: { DYNDNS_REFRESH_SECONDS: '1' } })
    world.s3.put(bucket, key, line(guest))
    await expect.poll(() => status(guest), { timeout: 10_000, interval: 200 }).toBe(200)
  })
})

describe('the last good version stays', () => {
  it.each([
    ['empty', ''],
    ['a header only', 'hostname,token\n'],
    ['binary junk', new Uint8Array(5000).map((_, index) => (index * 197) & 255)],
    ['another format', '{"home.example.com": "token"}'],
  ])('when the new one is %s, with an error in the log until it is mended', async (_, body) => {
    await start()
    world.s3.put(bucket, key, body)
    await world.service.refresh()
    expect(await status(hosts.home)).toBe(200)
    expect(world.printed()).toContain('it has no valid line hostname,token')
    world.s3.put(bucket, key, line(guest))
    await world.service.refresh()
    expect(await status(guest)).toBe(200)
  })

  it('when a poisoned upload leaves some hosts whole: those work', async () => {
    await start()
    world.s3.put(bucket, key, `\u0000\u0001,"x\n${line(hosts.home)}"unclosed,\n`)
    await world.service.refresh()
    expect([await status(hosts.home), await status(hosts.cabin)]).toEqual([200, 401])
  })

  it('while S3 is down, at the cost of log lines only', async () => {
    await start()
    const { port, store } = world.s3
    await world.s3.close()
    for (let times = 0; times < 2; times++) await world.service.refresh()
    expect(await status(hosts.home)).toBe(200)
    const errors = world.log.filter(({ msg }) => String(msg).startsWith('host database not refreshed'))
    expect(errors).toHaveLength(2)
    const again = await startS3Emulator({ port, store })
    again.put(bucket, key, line(guest))
    await world.service.refresh()
    expect(await status(guest)).toBe(200)
    await again.close()
  })

  it.each(['AccessDenied', 'NoSuchKey', 'InvalidAccessKeyId'])('when S3 says %s', async (code) => {
    await start()
    const httpStatus = code === 'NoSuchKey' ? 404 : 403
    world.s3.inject({ kind: 'refuse', status: httpStatus, code, message: '', times: 2 })
    await world.service.refresh()
    expect(await status(hosts.home)).toBe(200)
  })

  it.each(['truncate', 'reset'] as const)('when the answer breaks off (%s)', async (kind) => {
    await start()
    world.s3.put(bucket, key, line(guest))
    // The SDK asks three times where no answer came, and once where it broke off.
    world.s3.inject({ kind, times: kind === 'reset' ? 3 : 1 })
    await world.service.refresh()
    expect(await status(hosts.home)).toBe(200)
    await world.service.refresh()
    expect(await status(guest)).toBe(200)
  })
})

describe('a token that is only known as its digest', () => {
  const digest =
    'c70b5dd9ebfb6f51d09d4132b7170c9d20750a7852f00680f65658f0310e810056e6763c34c9a00b0e940076f54495c169fc2302cceb312039271c43469507dc'

  it('opens its host, beside plain ones; the digest itself does not', async () => {
    const { hashedCell } = await import('../../src/hosts/token.js')
    const cell = hashedCell(hosts.home.token)
    expect(cell).toMatch(/^sha256:[0-9a-f]{64}$/)
    await start({ csv: `home.example.com,${cell}\n${line(hosts.cabin)}` })
    expect([await status(hosts.home), await status(hosts.cabin)]).toEqual([200, 200])
    expect(await status({ ...hosts.home, token: cell })).toBe(401)
    expect(await status({ ...hosts.home, token: cell.slice(7) })).toBe(401)
  })

  it('must be 64 hex digits', async () => {
    await start({ csv: `home.example.com,sha256:${digest}\n${line(hosts.cabin)}` })
    expect(await status(hosts.cabin)).toBe(200)
    expect(world.printed()).toContain('begins with sha256: and goes on with other than 64 hex digits')
    expect(world.printed()).not.toContain(digest)
    const login = { user: 'home.example.com', token: `sha256:${digest}` }
    expect((await request(`${world.url}/register_ip`, login)).status).toBe(401)
  })
})
