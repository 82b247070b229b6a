import type { WireAnswer } from './answers.js'

/**
 * What a path is for: it shows the caller's address, it updates, it sets challenges lego's way or as acme-dns does, it is
 * another of acme-dns, it lies near one that updates, or it is nothing.
 */
export type Place =
  | 'check'
  | 'check as dyn'
  | 'update'
  | 'httpreq'
  | 'acme-dns'
  | 'register'
  | 'health'
  | 'near update'
  | 'nothing'

/** What is done at a place by a method that it has, or by another, or by HEAD. */
export type Use = 'use' | 'head' | 'misuse'

interface Documented {
  readonly at: readonly Place[]
  readonly by: readonly Use[]
  readonly status: number
  readonly body: RegExp
}

const address = String.raw`(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)`
const accepted = `(good|nochg)( ${address}(,${address})?)?`
const page = `<html><head><title>Current IP Check</title></head><body>Current IP Address: ${address}</body></html>\r\n`
const challenges: readonly Place[] = ['httpreq', 'acme-dns']
const posted: readonly Place[] = [...challenges, 'register']
const text = String.raw`"([^"\\]|\\.)*"`
const checks: readonly Place[] = ['check', 'check as dyn']

/** Every answer that there is: the README's tables, and the comments of src/http/words.ts, check-ip.ts and guard.ts. */
const documented: readonly Documented[] = [
  { at: ['check'], by: ['use'], status: 200, body: whole(address) },
  { at: checks, by: ['use'], status: 200, body: whole(page) },
  { at: checks, by: ['use'], status: 500, body: whole('the proxy in front did not pass on an IP address') },
  { at: checks, by: ['head'], status: 200, body: whole('') },
  { at: checks, by: ['head'], status: 500, body: whole('') },
  { at: checks, by: ['misuse'], status: 405, body: whole('method not allowed') },
  { at: ['update'], by: ['use'], status: 200, body: lines(`${accepted}|nohost|notfqdn|dnserr`) },
  { at: ['update'], by: ['use'], status: 401, body: whole('badauth') },
  { at: ['update'], by: ['use'], status: 500, body: lines('nohost|notfqdn') },
  { at: ['update'], by: ['use'], status: 403, body: /^Another web site sent your browser here\. [\w ,.]+$/ },
  // Too many hosts; a body or a set of X-Forwarded-For lines that is not read.
  { at: ['update'], by: ['use'], status: 400, body: whole('numhost|badagent') },
  { at: ['update'], by: ['use'], status: 500, body: whole('dnserr') },
  { at: ['update'], by: ['use'], status: 503, body: whole('911') },
  { at: ['update'], by: ['misuse'], status: 405, body: whole('badagent') },
  { at: ['update'], by: ['head'], status: 405, body: whole('') },
  {
    at: ['httpreq'],
    by: ['use'],
    status: 200,
    body: whole(
      `\\{"fqdn":${text},"value":"[\\w-]{43}"\\}|\\{"domain":${text}(,"token":${text})?,"keyAuth":${text}\\}`,
    ),
  },
  { at: ['httpreq'], by: ['use'], status: 400, body: failure('(fqdn|value|domain) is no [^"]+|send [^"]+') },
  {
    at: ['httpreq'],
    by: ['use'],
    status: 401,
    body: failure('log in with HTTP Basic: [^"]+|the host is unknown or [^"]+'),
  },
  { at: ['httpreq'], by: ['use'], status: 403, body: failure('this login may write the challenge at [^"]+') },
  { at: ['acme-dns'], by: ['use'], status: 200, body: whole('\\{"txt":"[\\w-]{43}"\\}') },
  { at: ['acme-dns'], by: ['use'], status: 400, body: failure('bad_subdomain|bad_txt|send [^"]+') },
  { at: ['acme-dns'], by: ['use'], status: 401, body: failure('forbidden') },
  { at: ['acme-dns'], by: ['use'], status: 403, body: failure('forbidden') },
  // A CNAME that is in the way; no zone; a full set.
  {
    at: challenges,
    by: ['use'],
    status: 500,
    body: failure('Route 53 holds at [^"]+|no public hosted zone [^"]+|[^" ]+ holds \\d+ TXT [^"]+'),
  },
  { at: challenges, by: ['use'], status: 503, body: failure('Route 53 has not accepted it yet: [^"]+') },
  { at: ['register'], by: ['use'], status: 403, body: failure('nobody registers here: [^"]+') },
  { at: posted, by: ['use'], status: 403, body: /^Another web site sent your browser here\. [\w ,.]+$/ },
  // A set of X-Forwarded-For lines that is not believed.
  { at: posted, by: ['use'], status: 400, body: whole('badagent') },
  { at: posted, by: ['misuse'], status: 405, body: failure('method not allowed') },
  { at: posted, by: ['head'], status: 405, body: whole('') },
  { at: ['health'], by: ['use'], status: 200, body: whole('\\{\\}') },
  { at: ['health'], by: ['head'], status: 200, body: whole('') },
  { at: ['health'], by: ['misuse'], status: 405, body: failure('method not allowed') },
  { at: ['near update'], by: ['use', 'misuse'], status: 404, body: whole('badagent') },
  { at: ['nothing'], by: ['use', 'misuse'], status: 404, body: whole('not found') },
  { at: ['near update', 'nothing'], by: ['head'], status: 404, body: whole('') },
]

/** What never became a request: it is none, comes too slowly, or has too large chunk extensions or too large a head. */
const refusals = new Set([400, 408, 413, 431])

/** Whether this may be the answer to such a thing, which has no word; the connection ends with it. */
export function isRefusal({ status, headers, body }: WireAnswer): boolean {
  return (
    refusals.has(status) &&
    body === '' &&
    headers.get('connection') === 'close' &&
    !headers.has('content-type')
  )
}

/** Whether this answer is one that the application has for this use of this place. */
export function isDocumented(answer: WireAnswer, place: Place, use: Use): boolean {
  return documented.some(({ at, by, ...row }) => at.includes(place) && by.includes(use) && fits(answer, row))
}

/** Whether it is one that the application has at all. */
export function isDocumentedAnywhere(answer: WireAnswer): boolean {
  return documented.some((row) => fits(answer, row))
}

function fits({ status, body }: WireAnswer, row: Pick<Documented, 'status' | 'body'>): boolean {
  return status === row.status && row.body.test(body)
}

function failure(sentence: string): RegExp {
  return whole(`\\{"error":"(${sentence})"\\}`)
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(${pattern})$`)
}

function lines(pattern: string): RegExp {
  return new RegExp(`^(${pattern})(\n(${pattern}))*$`)
}
