import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createLockout } from '../../src/http/lockout.js'
import { type Address, parseAddress } from '../../src/net/ip-address.js'

const address = (text: string): Address => {
  const parsed = parseAddress(text)
  if (!parsed) throw new Error(`${text} is no address`)
  return parsed
}

function world() {
  let nowMs = 0
  const log: string[] = []
  const lockout = createLockout(
    { failures: 3, seconds: 600 },
    {
      log: pino({}, { write: (line) => void log.push(line) }),
      publish: () => {},
      nowMs: () => nowMs,
    },
  )
  const fail = (text: string, times = 1) => {
    for (let count = 0; count < times; count++) lockout.failed(address(text))
  }
  return {
    lockout,
    log,
    fail,
    pardons: (text: string, isRight: boolean, changedAtMs?: number) =>
      lockout.pardons(address(text), isRight, changedAtMs),
    left: (text: string) => lockout.secondsLeft(address(text)),
    pass: (ms: number) => (nowMs += ms),
  }
}

it('locks out at the limit, for the rest of the time since the first failure, with one line in the log', () => {
  const { log, fail, left, pass } = world()
  fail('203.0.113.7', 2)
  expect(left('203.0.113.7')).toBe(0)
  pass(100_000)
  fail('203.0.113.7', 5)
  expect(left('203.0.113.7')).toBe(500)
  expect(left('203.0.113.8')).toBe(0)
  expect(log).toHaveLength(1)
  pass(500_000)
  expect(left('203.0.113.7')).toBe(0)
  fail('203.0.113.7', 2)
  expect(left('203.0.113.7')).toBe(0)
})

it('counts an IPv6 /64 as one', () => {
  const { fail, left } = world()
  for (const host of ['1', 'a:b:c:d', 'ffff:ffff:ffff:ffff'])
    fail(`2001:db8:1:2:${host.includes(':') ? host : `:${host}`}`)
  expect(left('2001:db8:1:2::9')).toBe(600)
  expect(left('2001:db8:1:3::9')).toBe(0)
})

it('forgets the first of more than 10,000 callers', () => {
  const { fail, left } = world()
  fail('203.0.113.7', 3)
  for (let index = 0; index < 9999; index++) fail(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`)
  expect(left('203.0.113.7')).toBe(600)
  fail('192.0.2.1')
  expect(left('203.0.113.7')).toBe(0)
})

it('pardons a right login whose token came after the failures, and no other', () => {
  const { fail, left, pardons, pass } = world()
  pass(1000)
  fail('203.0.113.7', 3)
  pass(1000)
  expect(pardons('203.0.113.7', true)).toBe(false)
  expect(pardons('203.0.113.7', true, 500)).toBe(false)
  expect(pardons('203.0.113.7', true, 1000)).toBe(false)
  expect(pardons('203.0.113.7', false, 1500)).toBe(false)
  expect(pardons('203.0.113.7', true, 1500)).toBe(true)
  expect(pardons('203.0.113.8', true, 1500)).toBe(false)
  expect(left('203.0.113.7')).toBe(599)
})

it('pardons nobody any more once as many have guessed at new tokens as lock out, until the lockout is over', () => {
  const { fail, left, pardons, pass } = world()
  fail('203.0.113.7', 3)
  for (let times = 0; times < 10; times++) pardons('203.0.113.7', false, -1)
  for (let times = 0; times < 2; times++) pardons('203.0.113.7', false, 1)
  expect(pardons('203.0.113.7', true, 1)).toBe(true)
  pardons('203.0.113.7', false, 2)
  expect(pardons('203.0.113.7', true, 2)).toBe(false)
  pass(600_000)
  expect(left('203.0.113.7')).toBe(0)
  fail('203.0.113.7', 3)
  expect(pardons('203.0.113.7', true, 600_001)).toBe(true)
})

it('takes a failure back, and is open again', () => {
  const { lockout, fail, left } = world()
  fail('203.0.113.7', 2)
  const wasRight = lockout.failed(address('203.0.113.7'))
  expect(left('203.0.113.7')).toBe(600)
  wasRight(true)
  expect(left('203.0.113.7')).toBe(0)
  fail('203.0.113.7')
  expect(left('203.0.113.7')).toBe(600)
})
