import { describe, expect, it } from 'vitest'
import {
  answerFor,
  badAgent,
  badAuth,
  type HostResult,
  hostResult,
  internalError,
  serverError911,
  tooManyHosts,
} from '../../src/http/return-codes.js'
import type { UpdateOutcome } from '../../src/registrar/record.js'
import { bareWords, publicV4 as v4, publicV6 as v6 } from './nic.js'

const good = (address?: string): UpdateOutcome => ({ kind: 'good', address, changeId: 'C1' })
const nochg = (address?: string): UpdateOutcome => ({ kind: 'nochg', address })
const refused: UpdateOutcome = { kind: 'refused', cause: 'in-the-way', reason: 'an alias: good, nochg, ok' }
const unavailable: UpdateOutcome = { kind: 'unavailable', cause: 'throttled', reason: 'throttled' }

describe('the result of a host', () => {
  it.each<[string, string, UpdateOutcome[]]>([
    [`good ${v4}`, 'accepted', [good(v4)]],
    [`good ${v6}`, 'accepted', [good(v6)]],
    [`nochg ${v4}`, 'accepted', [nochg(v4)]],
    [`good ${v4},${v6}`, 'accepted', [good(v4), good(v6)]],
    [`good ${v4},${v6}`, 'accepted', [nochg(v4), good(v6)]],
    [`good ${v4},${v6}`, 'accepted', [good(v4), nochg(v6)]],
    [`nochg ${v4},${v6}`, 'accepted', [nochg(v4), nochg(v6)]],
    ['good', 'accepted', [good(), nochg()]],
    ['good', 'accepted', [good(), good()]],
    ['nochg', 'accepted', [nochg(), nochg()]],
    ['dnserr', 'refused', [refused]],
    ['dnserr', 'refused', [good(v4), refused]],
    ['dnserr', 'refused', [refused, nochg(v6)]],
    ['911', 'unavailable', [unavailable]],
    ['911', 'unavailable', [unavailable, good(v6)]],
    ['911', 'unavailable', [nochg(v4), unavailable]],
    ['911', 'unavailable', [refused, unavailable]],
  ])('%s (%s)', (text, kind, outcomes) => {
    expect(hostResult(outcomes)).toEqual({ kind, text })
  })
})

const accepted = hostResult([good(v4)])
const same = hostResult([nochg(v4), nochg(v6)])
const nohost: HostResult = { kind: 'not-yours', text: 'nohost' }
const notfqdn: HostResult = { kind: 'not-yours', text: 'notfqdn' }
const dnserr = hostResult([refused])
const later = hostResult([unavailable])

describe('the answer to a request', () => {
  it.each<[string, HostResult[]]>([
    [`200 good ${v4}`, [accepted]],
    [`200 good ${v4}\nnochg ${v4},${v6}\ngood ${v4}`, [accepted, same, accepted]],
    [`200 nohost\ngood ${v4}`, [nohost, accepted]],
    [`200 nochg ${v4},${v6}\ndnserr\nnotfqdn`, [same, dnserr, notfqdn]],
    ['500 nohost', [nohost]],
    ['500 notfqdn', [notfqdn]],
    ['500 nohost\nnotfqdn\nnohost', [nohost, notfqdn, nohost]],
    ['500 dnserr', [dnserr]],
    ['500 dnserr', [dnserr, dnserr]],
    ['500 dnserr', [nohost, dnserr]],
    ['503 911', [later]],
    ['503 911', [accepted, later]],
    ['503 911', [later, accepted, same]],
    ['503 911', [nohost, later]],
    ['503 911', [dnserr, later]],
  ])('%s', (text, results) => {
    const { status, body, headers = {} } = answerFor(results)
    expect(`${status} ${body}`).toBe(text)
    expect(headers).toEqual(
      status === 401 ? { 'WWW-Authenticate': 'Basic realm="dyndns53", charset="UTF-8"' } : {},
    )
  })
})

it('every other answer is one bare word, at a status that no client takes for success', () => {
  for (const answer of [
    badAuth,
    serverError911,
    tooManyHosts,
    internalError,
    badAgent(404),
    badAgent(405, 'GET'),
  ]) {
    expect(answer.body).toMatch(bareWords)
    expect(answer.body).not.toMatch(/good|nochg|\n/)
    expect(answer.status).toBeGreaterThanOrEqual(400)
  }
  expect([badAuth.status, serverError911.status, tooManyHosts.status, internalError.status]).toEqual([
    401, 503, 400, 500,
  ])
})
