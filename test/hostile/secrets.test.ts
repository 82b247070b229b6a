import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, awsEnvironment, basic, bucket, key, request } from '../support/world.js'
import { type Collector, hasOpenssl, licenceKey, startCollector } from './collector.js'
import { type Ground, logins, onGround, type Running } from './ground.js'
import { converse } from './wire.js'

const login = { user: 'home.example.com', token: 'canary-token-of-home' }
const aws = awsEnvironment({ url: '' }, { url: '' })
const { AWS_ACCESS_KEY_ID: keyId = '', AWS_SECRET_ACCESS_KEY: secretKey = '' } = aws
const signed = `AWS4-HMAC-SHA256 Credential=${keyId}/20261123/us-east-1/route53/aws4_request, Signature=canary-signature`

/** Every secret that the run puts in somewhere, and where. */
const canaries: Record<string, string> = {
  'the right token': login.token,
  'its Basic header': basic(login).slice(6),
  'a wrong token': 'canary-wrong-token',
  'a wrong Basic header': basic({ ...login, token: 'canary-wrong-token' }).slice(6),
  'a token for a user': 'canary-as-user',
  'a token in the query': 'canary-in-query',
  'a token for a host name': 'canary-as-hostname',
  'a token for an address': 'canary-as-address',
  'a token in a form': 'canary-in-form',
  'a token in another body': 'canary-in-json',
  'the value of a challenge': 'canary-value-0123456789-0123456789-01234567',
  'the derived value of a challenge': createHash('sha256').update('canary-key').digest('base64url'),
  'a token for the value of a challenge': 'canary-as-value',
  'a token for the name of a challenge': 'canary-as-fqdn',
  'a key for acme-dns': 'canary-api-key',
  'a key for a user of acme-dns': 'canary-api-user',
  'a token in the path': 'canary-in-path',
  'a token before the path': 'canary-in-authority',
  'a Bearer token': 'canary-bearer',
  'the token of the metrics': 'canary-metrics-token',
  'a wrong token for the metrics': 'canary-metrics-guess',
  'a cookie': 'canary-cookie',
  'another header': 'canary-header',
  'the query of a Referer': 'canary-referer',
  'the right token in a User-Agent': `client ${login.token}`,
  'a token in a broken request': 'canary-broken',
  'a token on a bad line of the CSV': 'canary-csv',
  'a hash on a bad line of the CSV': 'canary-hash',
  'the AWS secret': secretKey,
  'the AWS key id': keyId,
  'a signature that AWS repeats': 'canary-signature',
  'the licence key': licenceKey,
}

const badLines = [
  'no host name,canary-csv',
  'canary-csv,no.host.example.com,x',
  'a.example.com,canary-csv,more',
  'b.example.com,sha256:canary-hash',
  '"c.example.com,canary-csv',
]

let output = ''
let answers = ''
let collector: Collector | undefined

/** Requests of every kind, the odd and the broken too, each with a secret in it. */
async function sendEverything({ url, port }: Running, ground: Ground): Promise<void> {
  const keep = ({ status, headers, body }: Answer) => {
    answers += `${status} ${JSON.stringify([...headers])} ${body}\n`
  }
  const ask = async (path: string, init: RequestInit = {}, as: typeof login | undefined = login) =>
    keep(await request(url + path, as, as === login ? '203.0.113.7' : '198.51.100.66', init))
  const form = (body: string, type = 'application/x-www-form-urlencoded') => {
    return { method: 'POST', body, headers: { 'content-type': type } }
  }
  await ask('/register_ip')
  for (const path of [
    '/register_ip',
    '/nic/update',
    '/check_ip',
    '/checkip',
    '/nowhere',
    '/nic/x',
    '//nic/update',
  ]) {
    await ask(
      `${path}?token=canary-in-query&password=canary-in-query&hostname=canary-as-hostname&myip=canary-as-address`,
    )
    await ask(`${path}/canary-in-path`)
    await ask(path, form('password=canary-in-form&hostname=canary-as-hostname'))
    await ask(path, { method: 'DELETE' }, { ...login, token: 'canary-wrong-token' })
    await ask(path, {}, { user: 'canary-as-user', token: 'canary-wrong-token' })
    await ask(path, {}, { ...login, token: 'canary-wrong-token' })
  }
  await ask('/canary-in-path/nic/update')
  await ask('/nic/update?hostname=home.example.com,canary-as-hostname&myip=203.0.113.9')
  await ask('/nic/update', form('{"token":"canary-in-json"}', 'application/json'))
  await ask('/nic/update', form(`x=${'canary-in-form'.repeat(1000)}`))
  await challengeEverything(url, keep)
  const headers = {
    cookie: 'a=canary-cookie',
    'x-api-key': 'canary-header',
    'proxy-authorization': 'canary-header',
  }
  await ask('/register_ip', { headers: { ...headers, referer: 'http://x/?token=canary-referer' } })
  await ask('/register_ip', { headers: { 'user-agent': `client ${login.token} 1.0` } })
  await ask('/register_ip', { headers: { authorization: 'Bearer canary-bearer' } }, undefined)
  for (const token of ['canary-metrics-token', 'canary-metrics-guess']) {
    const bearer = { headers: { authorization: `Bearer ${token}` } }
    keep(await request(`${url}/metrics?canary-in-query`, undefined, '203.0.113.9', bearer))
  }
  for (const bytes of [
    `GET http://home.example.com:canary-in-authority@x/nic/update HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    `GET /register_ip HTTP/1.1\r\nAuthorization: Basic canary-broken\r\nBAD canary-broken\r\n\r\n`,
    `GET /register_ip?canary-broken HTTP/1.1\r\nHost: x\r\nX: ${'canary-broken'.repeat(2000)}\r\n\r\n`,
    'GET canary-broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ]) {
    answers += await converse(port, bytes)
  }
  const message = `not a valid key=value pair in Authorization header: '${signed}'`
  ground.route53.inject({ kind: 'refuse', status: 403, code: 'IncompleteSignature', message })
  await ask('/register_ip', { headers: { 'x-forwarded-for': '203.0.113.8' } })
  ground.s3.inject({ kind: 'refuse', status: 400, code: 'InvalidRequest', message: 'no', times: 3 })
}

/** Challenges, right and wrong; a right value is in its own 200 alone, which is left out. */
async function challengeEverything(url: string, keep: (answer: Answer) => void): Promise<void> {
  const post = async (path: string, body: object | string, as?: typeof login, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await request(url + path, as, '203.0.113.7', { method: 'POST', body: text, headers })
    if (answer.status !== 200) keep(answer)
    return answer.status
  }
  const fqdn = '_acme-challenge.home.example.com'
  const value = canaries['the value of a challenge']
  const api = { 'x-api-user': login.user, 'x-api-key': login.token }
  for (const path of ['/present', '/cleanup', '/acme/present']) {
    expect(await post(path, { fqdn, value }, login)).toBe(200)
    expect(await post(path, { domain: login.user, token: 't', keyAuth: 'canary-key' }, login)).toBe(200)
    await post(path, { fqdn, value: 'canary-as-value' }, login)
    await post(path, { fqdn: 'canary-as-fqdn', value }, login)
    await post(path, { fqdn: 'canary-as-fqdn.example.com', value }, login)
    await post(path, { fqdn: '_acme-challenge.canary-as-fqdn.example.com', value }, login)
    await post(path, '{"fqdn":"canary-in-json', login)
    await post(`${path}/canary-in-path?canary-in-query`, { fqdn, value }, login)
  }
  expect(await post('/update', { subdomain: login.user, txt: value }, undefined, api)).toBe(200)
  await post('/update', { subdomain: 'canary-as-fqdn', txt: 'canary-as-value' }, undefined, api)
  await post('/update', { subdomain: login.user, txt: value }, undefined, {
    ...api,
    'x-api-key': 'canary-api-key',
  })
  await post('/update', { subdomain: login.user, txt: value }, undefined, {
    ...api,
    'x-api-user': 'canary-api-user',
  })
  await post('/register', '{"canary-in-json":1}', login)
}

beforeAll(
  () =>
    onGround(async (ground) => {
      collector = hasOpenssl ? await startCollector() : undefined
      const lines = [...logins, login].map(({ user, token }) => `${user},${token}`)
      ground.s3.put(bucket, key, [...lines, ...badLines].join('\n'))
      const running = await ground.start({
        ...collector?.env,
        DYNDNS_LOGIN_FAILURES: '5',
        DYNDNS_METRICS_TOKEN: 'canary-metrics-token',
      })
      // Until the agent has found its collector, it collects nothing.
      await vi.waitUntil(() => collector?.sent.some(({ method }) => method === 'connect') ?? true, 15_000)
      await sendEverything(running, ground)
      running.process.child.kill('SIGHUP')
      await running.process.logged('host database not refreshed, the last good one stays')
      running.process.child.kill('SIGTERM')
      expect(await running.process.exited).toBe(0)
      output = running.process.printed()
    }),
  60_000,
)
afterAll(() => collector?.close())

describe('the run', () => {
  it('was one: it printed, answered, and was refused by AWS', () => {
    expect(answers).toMatch(/^200 .*good 203\.0\.113\.7$/m)
    expect(answers).toMatch(/^401 .*badauth$/m)
    expect(answers).toMatch(/^503 .*911$/m)
    expect(answers).toMatch(/^dyndns53_registrations_total\{.*"good".*\} [1-9]/m)
    expect(output).toContain('host database: line left out')
    expect(output).toContain('IncompleteSignature')
    expect(output).toContain('too many failed logins')
  })

  it.skipIf(!hasOpenssl)('and its log and its transactions came to New Relic', () => {
    const sent = (method: string) =>
      collector?.sent.filter((call) => call.method === method).map(({ body }) => body)
    expect(sent('log_event_data')?.join()).toContain('login failed')
    expect(sent('analytic_event_data')?.join()).toContain('register_ip')
    expect(sent('span_event_data')?.join()).toContain('hostedzone')
    expect(sent('custom_event_data')?.join()).toContain('DyndnsRegistration')
  })
})

describe.each(Object.entries(canaries))('%s', (_, canary) => {
  it('is printed nowhere, and in no answer', () => {
    expect(lineWith(output, canary)).toBeUndefined()
    expect(lineWith(answers, canary)).toBeUndefined()
  })

  it.skipIf(!hasOpenssl || canary === licenceKey)('is in nothing that New Relic is sent', () => {
    for (const { method, body, headers } of collector?.sent ?? []) {
      expect([method, lineWith(body.replaceAll('},{', '},\n{'), canary)]).toEqual([method, undefined])
      expect(headers).not.toContain(canary)
    }
  })
})

/** The first line that holds the text. */
function lineWith(text: string, canary: string): string | undefined {
  return text.split('\n').find((line) => line.includes(canary))
}
