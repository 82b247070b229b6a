import { afterEach, describe, expect, it } from 'vitest'
import type { S3Fault } from '../../emulators/s3/faults.js'
import { StoreError } from '../../src/hosts/store-error.js'
import { hosts, startWorld, type World } from '../support/world.js'

/** S3's faults while the service starts: what may pass is waited for, what cannot is said, and nobody is lied to. */

const forever = Number.POSITIVE_INFINITY

let world: World
afterEach(() => world.close())

/** Before there are hosts: the address is shown, and a registration is put off, right or wrong. */
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
    await expectPutOff()
    await world.service.loaded
    expect((await world.register(hosts.home)).body).toBe('good 203.0.113.7')
    expect(world.held('home.example.com')).toEqual(['203.0.113.7'])
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
