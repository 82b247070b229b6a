import assert from 'node:assert/strict'
import type { WireAnswer } from './answers.js'
import { isDocumented, isDocumentedAnywhere, isRefusal } from './documented.js'
import { callerOf, isPublishable, linesOf, loginsIn, placeOf, useOf } from './expected.js'
import { type Front, logins, writable } from './house.js'
import type { WireRequest } from './wire.js'

const onEvery: Readonly<Record<string, RegExp>> = {
  'content-length': /^\d+$/,
  'cache-control': /^no-store$/,
  'x-request-id': /^[A-Za-z0-9+/=-]{20,200}$/,
  'x-content-type-options': /^nosniff$/,
  'content-security-policy': /default-src 'none'/,
}
const onNone = /^(x-powered-by|server|via|(transfer|content)-encoding|location|set-cookie|etag)$/

/** Throws unless the service has such an answer, with the headers that every one has, and no secret in it. */
export function judgeAnswer(answer: WireAnswer): void {
  const { status, headers, body } = answer
  const isKnown = isRefusal(answer) || isDocumentedAnywhere(answer)
  assert.ok(isKnown, `no such answer is documented: ${status} ${JSON.stringify(body)}`)
  for (const [name, pattern] of Object.entries(onEvery)) assert.match(headers.get(name) ?? '', pattern, name)
  for (const name of headers.keys()) assert.doesNotMatch(name, onNone)
  if (body !== '') {
    assert.equal(headers.get('content-length'), String(body.length))
    const type = body.startsWith('<') ? 'text/html' : body.startsWith('{') ? 'application/json' : 'text/plain'
    assert.equal(headers.get('content-type'), `${type}; charset=utf-8`)
  }
  assert.equal(headers.has('www-authenticate'), status === 401)
  assert.equal(headers.has('allow'), status === 405)
  const text = JSON.stringify([...headers, body])
  for (const { token } of logins) assert.ok(!text.includes(token), 'a token in an answer')
}

/** Throws unless this answer is right for a clean request. */
export function judgeClean(request: WireRequest, answer: WireAnswer, front: Front): void {
  const { status, body } = answer
  // Node takes heads up to 16 KiB.
  if (status === 431 && JSON.stringify(request).length > 16_000) return
  const place = placeOf(request)
  const use = useOf(request, place)
  assert.ok(
    isDocumented(answer, place, use),
    `not an answer for a ${use} of ${place}: ${status} ${JSON.stringify(body)}`,
  )
  if (use !== 'use') return
  const from = callerOf(request, front)
  if (place === 'check' || place === 'check as dyn') {
    assert.equal(status, from ? 200 : 500)
    if (from)
      assert.ok(
        body === from.text || body.includes(`Address: ${from.text}<`),
        `shows ${body}, not ${from.text}`,
      )
  }
  // Where a body may be refused first, the table of answers is enough.
  if (place === 'update' && request.method === 'GET')
    assert.match(`${status} ${body}`, expectedUpdate(request, front))
}

/** The answers to a GET that are right for it: status and body. */
function expectedUpdate(request: WireRequest, front: Front): RegExp {
  const site = linesOf(request, 'sec-fetch-site').join(', ')
  if (site === 'cross-site' || site === 'same-site') return /^403 /
  if (front === 'heroku' && linesOf(request, 'x-forwarded-for').length > 1) return /^400 badagent$/
  const [header = ''] = linesOf(request, 'authorization')
  const [login] = loginsIn(header)
  if (!login) return /^401 badauth$/
  if (!/register_ip/i.test(request.target.split('?')[0] ?? '')) return /^(?!401 badauth)/
  const from = callerOf(request, front)
  if (!from || !isPublishable(from, front) || !writable.has(login.user)) return /^500 dnserr$/
  return new RegExp(`^200 (good|nochg) ${from.text.replaceAll('.', '\\.')}$`)
}
