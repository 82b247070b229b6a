import { afterEach, describe, expect, it } from 'vitest'
import type { S3Fault } from '../../emulators/s3/faults.js'
import { StoreError } from '../../src/hosts/store-error.js'
import { hosts, startWorld, type World } from '../support/world.js'

/** S3's faults while the service starts: what may pass is waited for, what cannot is said, and nobody is lied to. */

const forever = Number.POSITIVE_INFINITY

let world: World
afterEach(() => world.close())

/** Where there never will be hosts: the address is shown, and a registration is put off, right or wrong. */
async function expectPutOff(): Promise<void> {
  expect((await world.register(undefined, undefined, { path: '/check_ip' })).body).toBe('203.0.113.7')
  for (const login of [hosts.home, { ...hosts.home, token: 'wrong' }]) {
    for (const path of ['/register_ip', '/nic/update?myip=203.0.113.9']) {
      expect(await world.register(login, undefined, { path })).toMatchObject({ status: 503, body: '911' })
    }
  }
  expect((await world.register(undefined)).status).toBe(401)
  expect(world.route53.model.log.calls).toEqual([])
}

const s3Error = (code: string, elements = '') =>
  `<Error><Code>${code}</Code><Message>x</Message>${elements}</Error>`
const refusal = (status: number, code: string): S3Fault => {
  return { kind: 'raw', status, body: s3Error(code), times: forever }
}

describe('what may pass is waited for', () => {
  it.each<[string, S3Fault]>([
    ['500', { kind: 'raw', status: 500, body: s3Error('InternalError'), times: 3 }],
    ['503 Slow Down', { kind: 'throttle', times: 3 }],
    ['a page of a proxy', { kind: 'raw', status: 502, body: '<html>Bad Gateway</html>', times: 3 }],
    ['a welcome of something else', { kind: 'raw', status: 200, body: '<h1>It works!</h1>' }],
    ['resets', { kind: 'reset', times: 3 }],
    ['slow', { kind: 'delay', ms: 700 }],
    ['a truncated body', { kind: 'truncate' }],
  ])('%s', async (_, fault) => {
    world = await startWorld({ s3Faults: [fault], waitUntilLoaded: false })
    const updates = [hosts.home, { ...hosts.home, token: 'wrong' }].map((login) => world.register(login))
    expect((await world.register(undefined, undefined, { path: '/check_ip' })).body).toBe('203.0.113.7')
    expect((await world.register(undefined)).status).toBe(401)
    expect(world.printed()).not.toContain('host database loaded')
    expect((await Promise.all(updates)).map(({ body }) => body)).toEqual(['good 203.0.113.7', 'badauth'])
    expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
  })

  it('and by a bounded number only, of one caller and in all; who has no place hears 911 at once', async () => {
    world = await startWorld({ s3Faults: [{ kind: 'delay', ms: 3000 }], waitUntilLoaded: false })
    const knock = async (from: string) => {
      const answer = world.register({ ...hosts.home, token: 'wrong' }, from)
      return { answer, isLoaded: answer.then(() => world.printed().includes('host database loaded')) }
    }
    const stranger = await Promise.all(Array.from({ length: 25 }, () => knock('198.51.100.66')))
    const bodies = await Promise.all(stranger.map(async ({ answer }) => (await answer).body))
    expect(bodies.filter((body) => body === '911')).toHaveLength(5)
    expect(bodies.filter((body) => body === 'badauth')).toHaveLength(20)
    for (const { answer, isLoaded } of stranger) expect(await isLoaded).toBe((await answer).status === 401)
  })

  it('but not for ever: 911, and the place is free again', async () => {
    world = await startWorld({
      s3Faults: [{ kind: 'stall', times: forever }],
      waitUntilLoaded: false,
      timing: { waitMs: 50 },
    })
    for (let times = 0; times < 3; times++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => world.register(hosts.home)))
      expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['503 911']))
    }
  })

  it('another region that S3 names in a redirect is where the database is read from', async () => {
    const headers = { 'x-amz-bucket-region': 'eu-west-1' }
    const fault = { kind: 'raw', status: 301, headers, body: s3Error('PermanentRedirect') } as const
    world = await startWorld({ s3Faults: [fault] })
    expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
    expect(world.log.filter(({ level }) => Number(level) > 30)).toEqual([])
  })
})

describe('what cannot pass is said in one sentence, with what to do', () => {
  it.each<[string, string[], S3Fault]>([
    ['403 AccessDenied', ['DYNDNS_BUCKET', 's3:GetObject'], refusal(403, 'AccessDenied')],
    ['403 of another kind', ['access denied', 's3:GetObject'], refusal(403, 'SomethingNew')],
    [
      '403 without a body',
      ['access denied', 's3:GetObject'],
      { kind: 'raw', status: 403, body: '', times: forever },
    ],
    ['404 NoSuchKey', ['there is no object', 'DYNDNS_DATABASE'], refusal(404, 'NoSuchKey')],
    ['404 NoSuchBucket', ['there is no bucket', 'DYNDNS_BUCKET'], refusal(404, 'NoSuchBucket')],
    ['301 that names no region', ['AWS_REGION', 'another region'], refusal(301, 'PermanentRedirect')],
    [
      'AuthorizationHeaderMalformed',
      ['AWS_REGION', 'eu-west-1', 'us-east-1'],
      {
        kind: 'raw',
        status: 400,
        body: s3Error('AuthorizationHeaderMalformed', '<Region>eu-west-1</Region>'),
        times: forever,
      },
    ],
  ])('%s', async (_, words, fault) => {
    world = await startWorld({
      s3Faults: [{ kind: 'delay', ms: 50 }, fault],
      csv: '',
      waitUntilLoaded: false,
    })
    const reason = world.service.loaded.catch((error: unknown) => error)
    await expectPutOff()
    const error = await reason
    expect(error).toBeInstanceOf(StoreError)
    const { message } = error as StoreError
    for (const word of words) expect(message).toContain(word)
    expect(message).not.toMatch(/\n|secret|AKIA/i)
    await expectPutOff()
  })
})
