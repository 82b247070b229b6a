import { describe, expect, it } from 'vitest'
import {
  startWireServer,
  type WireRequest,
  type WireResponse,
  type WireServer,
} from '../../emulators/http.js'
import { wrongClock } from '../support/wrong-clock.js'
import { logins, onGround, type Running } from './ground.js'
import { eventually } from './wire.js'

const [home, cabin] = logins as [(typeof logins)[0], (typeof logins)[0]]
const hourMs = 3_600_000

async function jump({ process }: Running, toMs: number): Promise<void> {
  process.child.kill('SIGUSR2')
  await process.logged(`jump to ${toMs}`)
}

/** Stands before an emulator and refuses signatures that are more than five minutes old or ahead, as AWS does. */
function startPunctual(url: string, refusal: WireResponse): Promise<WireServer> {
  return startWireServer(async (request) => (isPunctual(request) ? forward(url, request) : refusal))
}

function isPunctual({ headers }: WireRequest): boolean {
  const date = String(headers['x-amz-date']).replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
  return Math.abs(Date.parse(date) - Date.now()) < 5 * 60_000
}

async function forward(base: string, { method, url, headers, body }: WireRequest): Promise<WireResponse> {
  const passed = ['authorization', 'content-type', 'if-none-match', 'x-amz-checksum-mode']
  const kept = Object.entries(headers).filter(([name]) => passed.includes(name)) as [string, string][]
  const answer = await fetch(base + url, { method, headers: kept, ...(body.length > 0 && { body }) })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes }
}

const tooSkewed: WireResponse = {
  status: 403,
  body: '<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message></Error>',
}
const expired: WireResponse = {
  status: 403,
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message></Error></ErrorResponse>',
}

describe.concurrent('while the wall clock jumps by an hour, ahead and back', () => {
  it('registrations and their truth stay what they were', () =>
    onGround(async (ground) => {
      const running = await ground.start(wrongClock(0, hourMs, -hourMs, 0))
      for (const [index, ms] of [0, hourMs, -hourMs, 0].entries()) {
        if (index > 0) await jump(running, ms)
        const address = `203.0.113.${index}`
        expect((await running.register(home, address)).body).toBe(`good ${address}`)
        expect((await running.register(home, address)).body).toBe(`nochg ${address}`)
        expect(ground.held(home.user)).toEqual([address])
      }
      running.process.child.kill('SIGTERM')
      expect(await running.process.exited).toBe(0)
    }))

  it('a registration that waits for Route 53 is neither lost nor given up', () =>
    onGround(async (ground) => {
      const running = await ground.start(wrongClock(0, hourMs))
      ground.route53.inject({ kind: 'reset', times: 2 })
      const answer = running.register(home)
      await eventually(() => ground.route53.model.log.calls.length > 0)
      await jump(running, hourMs)
      expect((await answer).body).toBe('good 203.0.113.7')
    }))

  it('AWS, which refuses signatures of another hour, is satisfied again', () =>
    onGround(async (ground) => {
      const route53 = await startPunctual(ground.route53.url, expired)
      const running = await ground.start({ ...wrongClock(0, hourMs), AWS_ENDPOINT_URL_ROUTE_53: route53.url })
      expect((await running.register(home)).body).toBe('good 203.0.113.7')
      await jump(running, hourMs)
      expect((await running.register(cabin, '203.0.113.8')).body).toBe('good 203.0.113.8')
      expect(ground.held(cabin.user)).toEqual(['203.0.113.8'])
      await route53.close()
    }))

  it('who guesses stays locked out, and for no longer than before', () =>
    onGround(async (ground) => {
      const running = await ground.start({ ...wrongClock(0, -hourMs), DYNDNS_LOGIN_FAILURES: '3' })
      const guess = () => running.register({ ...home, token: 'wrong' }, '198.51.100.66')
      for (let times = 0; times < 3; times++) expect((await guess()).status).toBe(401)
      await jump(running, -hourMs)
      const { status, headers } = await guess()
      expect(status).toBe(503)
      expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(600)
      expect((await running.register(home)).status).toBe(200)
    }))
})

describe.concurrent('a wall clock that is wrong from the start', () => {
  it('is no hindrance: the hosts are loaded, and served', () =>
    onGround(async (ground) => {
      const s3 = await startPunctual(ground.s3.url, tooSkewed)
      const route53 = await startPunctual(ground.route53.url, expired)
      const env = { AWS_ENDPOINT_URL_S3: s3.url, AWS_ENDPOINT_URL_ROUTE_53: route53.url }
      const running = await ground.start({ ...env, ...wrongClock(-hourMs) })
      expect((await running.register(home)).body).toBe('good 203.0.113.7')
      expect(ground.held(home.user)).toEqual(['203.0.113.7'])
      await Promise.all([s3.close(), route53.close()])
    }))
})
