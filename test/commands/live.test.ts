import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bucket, key, type ProcessWorld, type Running, startProcessWorld } from '../support/processes.js'
import { request } from '../support/request.js'
import { hosts } from '../support/world.js'

let world: ProcessWorld
let server: Running['process']
let url: string

beforeEach(async () => {
  const csv = `${hosts.home.user},${hosts.home.token}\n`
  world = await startProcessWorld({ csv, zones: ['example.com'] })
  const running = await world.start({ DYNDNS_REFRESH_SECONDS: '1' })
  server = running.process
  url = running.url
})
afterEach(() => world.close())

/** Runs a command that succeeds; returns its standard output. */
async function dyndns53(...args: string[]): Promise<string> {
  const result = await world.dyndns53(...args)
  expect(result).toMatchObject({ status: 0 })
  return result.stdout.toString()
}

/** Resolves when the server has logged this; as long as it takes, up to the time of a test. */
function logged(text: string): Promise<unknown> {
  return expect.poll(() => server.printed(), { timeout: 20_000, interval: 50 }).toContain(text)
}

async function answerTo(user: string, token: string): Promise<string> {
  return (await request(`${url}/register_ip`, { user, token })).body
}

/** The token in what a command printed, a line HOST,TOKEN. */
const tokenIn = (line: string) => line.trimEnd().split(',')[1] ?? ''

const user = 'new.example.com'

it('what an owner does is what the running service does, one refresh later', async () => {
  const first = tokenIn(await dyndns53('add-host', user))
  await logged(`"added":["${user}"]`)
  expect(await answerTo(user, first)).toBe('good 127.0.0.1')

  const second = tokenIn(await dyndns53('rotate-token', user))
  await logged(`"changed":["${user}"]`)
  expect(await answerTo(user, first)).toBe('badauth')
  expect(await answerTo(user, second)).toMatch(/^(good|nochg) 127\.0\.0\.1$/)

  await dyndns53('hash-tokens', '--yes')
  await expect
    .poll(() => server.printed().match(/host database loaded/g)?.length, { timeout: 20_000 })
    .toBe(4)
  expect(await answerTo(user, second)).toMatch(/^(good|nochg) 127\.0\.0\.1$/)

  await dyndns53('remove-host', user, '--yes')
  await logged(`"removed":["${user}"]`)
  expect(await answerTo(user, second)).toBe('badauth')
  expect(await answerTo(hosts.home.user, hosts.home.token)).toBe('good 127.0.0.1')
})

it('a database spoiled by hand is refused, old hosts keep working, and an upload mends it', async () => {
  await dyndns53('download-database', 'hosts.csv')
  world.s3.put(bucket, key, '<html>spoiled</html>\n')
  await logged('it has no valid line')
  expect(await answerTo(hosts.home.user, hosts.home.token)).toBe('good 127.0.0.1')

  const mended = world.file('mended.csv')
  await writeFile(mended, `${hosts.home.user},${hosts.home.token}\n${user},T0KEN\n`)
  await dyndns53('upload-database', mended)
  await logged(`"added":["${user}"]`)
  expect(await answerTo(user, 'T0KEN')).toBe('good 127.0.0.1')
})
