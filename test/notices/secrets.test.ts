import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Collector, hasOpenssl, startCollector } from '../hostile/collector.js'
import { logins, onGround } from '../hostile/ground.js'
import { bucket, key, secretKey } from '../support/processes.js'
import { type Receiver, type Reply, startReceiver, status } from './receiver.js'

const token = 'canary-token-of-home'
const home = { user: 'home.example.com', token }

/** What the URLs of notices have in them, and nobody but their receivers may see. */
const ofUrls = {
  'a path': 'canary-in-path',
  'a query': 'canary-in-query',
  'a login': 'canary-in-login',
  'a topic': 'canary-topic',
  'a chat': 'canary-chat',
  'a monitor': 'canary-monitor',
}

/** What no notice may hold. */
const ofService = {
  'the right token': token,
  'a wrong token': 'canary-wrong-token',
  'a query': 'canary-in-request',
  'the AWS secret': secretKey,
  'a token on a bad line': 'canary-csv',
  'a signature that AWS repeats': 'canary-signature',
}

let output = ''
const receivers: Receiver[] = []
let collector: Collector | undefined

/** Some repeat in an answer what they were asked for. */
const repeat: Reply = (response, _, { path, body }) => {
  response.writeHead(404).end(`nothing at ${path} for ${body}`)
}

beforeAll(
  () =>
    onGround(async (ground) => {
      collector = hasOpenssl ? await startCollector() : undefined
      for (const reply of [status(200), repeat, status(302, '', { location: `/${ofUrls['a path']}` })]) {
        receivers.push(await startReceiver(reply))
      }
      const urls = receivers.flatMap(({ host }) => [
        `http://u:${ofUrls['a login']}@${host}/${ofUrls['a path']}?key=${ofUrls['a query']}`,
        `ntfy+http://${host}/${ofUrls['a topic']}`,
        `telegram+http://${host}/bot1:${ofUrls['a path']}/sendMessage?chat_id=${ofUrls['a chat']}`,
      ])
      const monitor = `ping+http://${receivers[1]?.host}/${ofUrls['a monitor']}`
      const lines = [...logins, home].map((login) => `${login.user},${login.token}`)
      ground.s3.put(bucket, key, [...lines, 'a.example.com,canary-csv,more', 'canary-csv'].join('\n'))
      const running = await ground.start({
        ...collector?.env,
        DYNDNS_LOGIN_FAILURES: '3',
        DYNDNS_NOTIFY_URL: [...urls, monitor].join(' '),
      })
      await vi.waitUntil(() => collector?.sent.some(({ method }) => method === 'connect') ?? true, 60_000)
      await running.register(home, '203.0.113.7', '/register_ip?token=canary-in-request')
      for (let tries = 0; tries < 4; tries++) {
        await running.register({ ...home, token: 'canary-wrong-token' }, '198.51.100.66')
      }
      const message = `not a valid key=value pair in Authorization header: 'Signature=canary-signature'`
      ground.route53.inject({ kind: 'refuse', status: 403, code: 'IncompleteSignature', message, times: 20 })
      await running.register(logins[0], '203.0.113.9')
      const kinds = () => receivers[0]?.received.map(({ body }) => body).join() ?? ''
      await vi.waitUntil(() => kinds().includes('route53-failed'), 20_000)
      running.process.child.kill('SIGTERM')
      expect(await running.process.exited).toBe(0)
      output = running.process.printed()
    }),
  120_000,
)
afterAll(() => collector?.close())
afterAll(async () => {
  for (const receiver of receivers) await receiver.close()
})

it('the run was one: notices came, some were refused, and the log says so', () => {
  const kinds = receivers[0]?.received.flatMap(({ body }) => /"kind":"([a-z0-9-]+)"/.exec(body)?.[1] ?? [])
  expect([...new Set(kinds)].sort()).toEqual([
    'address-changed',
    'database-lines',
    'locked-out',
    'route53-failed',
  ])
  expect(output).toContain('"reason":"status 404"')
  expect(output).toContain('a redirect, which is not followed')
})

it('the agent puts nothing of its own into a notice', () => {
  for (const { headers } of receivers.flatMap(({ received }) => received)) {
    expect(Object.keys(headers).filter((name) => /newrelic|trace/.test(name))).toEqual([])
  }
})

describe.each(Object.entries(ofUrls))('%s of a URL', (_, canary) => {
  it('is printed nowhere', () => {
    expect(output.split('\n').filter((line) => line.includes(canary))).toEqual([])
  })

  it.skipIf(!hasOpenssl)('is in nothing that New Relic is sent', () => {
    const sent = collector?.sent ?? []
    expect(sent.map(({ method }) => method)).toContain('span_event_data')
    expect(sent.filter(({ body }) => body.includes(canary)).map(({ method }) => method)).toEqual([])
  })
})

describe.each(Object.entries(ofService))('%s', (_, canary) => {
  it('is in no notice', () => {
    const notices = receivers.flatMap(({ received }) => received)
    expect(notices.length).toBeGreaterThan(10)
    expect(notices.filter((notice) => JSON.stringify(notice).includes(canary))).toEqual([])
  })
})
