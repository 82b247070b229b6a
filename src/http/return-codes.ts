import type { UpdateOutcome } from '../registrar/record.js'
import type { TextAnswer } from './respond.js'

/**
 * The return codes of the dyndns2 protocol, Dyn's own term: nothing else is ever said on the paths that update. A failure
 * of the service or of Route 53 is a 5xx, as clients take other statuses for success or stop for good.
 */

/** What is said of one host: its line, and what kind of line it is. */
export interface HostResult {
  readonly kind: 'accepted' | 'not-yours' | 'refused' | 'unavailable'
  readonly text: string
}

/** The result from the outcomes of a host's records (one or two): the worst of them decides. */
export function hostResult(outcomes: readonly UpdateOutcome[]): HostResult {
  const kinds = new Set(outcomes.map(({ kind }) => kind))
  if (kinds.has('unavailable')) return { kind: 'unavailable', text: '911' }
  if (kinds.has('refused')) return { kind: 'refused', text: 'dnserr' }
  const addresses = outcomes.flatMap((outcome) => ('address' in outcome ? (outcome.address ?? []) : []))
  const code = kinds.has('good') ? 'good' : 'nochg'
  return { kind: 'accepted', text: addresses.length > 0 ? `${code} ${addresses.join(',')}` : code }
}

/**
 * The answer to a request for these hosts, in its order; at least one. Where one is accepted, each has its line, and 200
 * speaks for that one alone, as Dyn documented it.
 */
export function answerFor(results: readonly HostResult[]): TextAnswer {
  const has = (kind: HostResult['kind']) => results.some((result) => result.kind === kind)
  const body = results.map(({ text }) => text).join('\n')
  if (has('unavailable')) return serverError911
  if (has('accepted')) return { status: 200, body }
  // One of the three statuses that Dyn documented (200, 401, 500), and the only one that no client takes for success, for
  // a wrong login or for its own end: test/http/success-rules.test.ts weighs them.
  return { status: 500, body: has('refused') ? 'dnserr' : body }
}

const askForCredentials = { 'WWW-Authenticate': 'Basic realm="dyndns53", charset="UTF-8"' }

/** The update is not known to be done: the client should ask again later. */
export const serverError911: TextAnswer = { status: 503, body: '911' }

/** Asks for credentials: browsers prompt, wget and uclient-fetch only now send theirs. */
export const badAuth: TextAnswer = { status: 401, body: 'badauth', headers: askForCredentials }

/** More than 20 hosts in one request. */
export const tooManyHosts: TextAnswer = { status: 400, body: 'numhost' }

/** A method, path or form that no update has; `allow` lists the methods that one may have. */
export function badAgent(status: 400 | 404 | 405, allow?: string): TextAnswer {
  return { status, body: 'badagent', ...(allow && { headers: { Allow: allow } }) }
}

/** A bug of the service. */
export const internalError: TextAnswer = { status: 500, body: '911' }
