import { afterAll, afterEach, expect, it } from 'vitest'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'
import { hosts } from '../support/world.js'
import { type Receiver, type Reply, startReceiver } from './receiver.js'

const receivers: Receiver[] = []
afterAll(closeProcessWorlds)
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
})

async function receive(reply?: Reply): Promise<Receiver> {
  const receiver = await startReceiver(reply)
  receivers.push(receiver)
  return receiver
}

const { home } = hosts
const csv = `${home.user},${home.token}\n`

it('the built server tells at SIGTERM what it has not told yet', async () => {
  const receiver = await receive()
  const world = await startProcessWorld({ csv, zones: ['example.com'] })
  const server = await world.start({ DYNDNS_NOTIFY_URL: `http://${receiver.host}/`, DYNDNS_TRUST_PROXY: '1' })
  expect(await server.register(home, '203.0.113.7')).toMatchObject({ body: 'good 203.0.113.7' })
  server.process.child.kill('SIGTERM')
  expect(await server.process.exited).toBe(0)
  expect(receiver.bodies()).toMatchObject([{ title: 'home.example.com is now at 203.0.113.7' }])
})

it('the built server ends all the same where nobody answers', async () => {
  const receiver = await receive(() => {})
  const world = await startProcessWorld({ csv, zones: ['example.com'] })
  const server = await world.start({ DYNDNS_NOTIFY_URL: `http://${receiver.host}/`, DYNDNS_TRUST_PROXY: '1' })
  await server.register(home, '203.0.113.7')
  server.process.child.kill('SIGTERM')
  expect(await server.process.exited).toBe(0)
  expect(receiver.received).toHaveLength(1)
  expect(server.process.printed()).toContain('"msg":"notice not sent"')
})

it('the built server tells of a database without which it cannot run', async () => {
  const receiver = await receive()
  const world = await startProcessWorld({ zones: ['example.com'] })
  const server = world.spawn({ DYNDNS_NOTIFY_URL: `http://${receiver.host}/` })
  expect(await server.exited).toBe(1)
  expect(receiver.bodies()).toMatchObject([{ kind: 'database-unreadable', severity: 'error' }])
})

it('the built server does not start with a URL that is none, and does not repeat it', async () => {
  const world = await startProcessWorld({ csv, zones: ['example.com'] })
  const server = world.spawn({ DYNDNS_NOTIFY_URL: 'https://ntfy.sh/a smtp://S3CR3T' })
  expect(await server.exited).toBe(1)
  expect(server.printed()).toContain('DYNDNS_NOTIFY_URL is malformed (URL 2 of 2 does not begin with')
  expect(server.printed()).not.toContain('S3CR3T')
})
