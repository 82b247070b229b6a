import {
  answerFor,
  badAuth,
  type HostResult,
  hostResult,
  internalError,
  serverError911,
  tooManyHosts,
} from '../../src/http/return-codes.js'
import type { UpdateOutcome } from '../../src/registrar/record.js'
import type { Asked, Reply } from './client-rules.js'
import { publicV4, publicV6 } from './nic.js'

/** An answer of the service, to what, and whether each host of the request is updated. */
export interface Case {
  readonly reply: Reply
  readonly asked: Asked
  readonly updated: readonly boolean[]
}

/** Every result that a host can get, by the addresses that it was asked to have. */
const resultsByAddresses = [[publicV4], [publicV6], [publicV4, publicV6], []].map((addresses) => {
  const results = new Map<string, HostResult>()
  const wanted: (string | undefined)[] = addresses.length > 0 ? addresses : [undefined, undefined]
  const outcomes = wanted.map((address): UpdateOutcome[] => [
    { kind: 'good', address },
    { kind: 'nochg', address },
    { kind: 'refused', cause: 'rejected', reason: 'ok' },
    { kind: 'unavailable', cause: 'late', reason: 'ok' },
  ])
  for (const first of outcomes[0] ?? []) {
    for (const second of outcomes[1] ?? [undefined]) {
      const result = hostResult(second ? [first, second] : [first])
      results.set(result.text, result)
    }
  }
  for (const text of ['nohost', 'notfqdn']) results.set(text, { kind: 'not-yours', text })
  return { addresses, results: [...results.values()] }
})

/** Every answer to an update of one, two or three hosts. */
export const updates = resultsByAddresses.flatMap(({ addresses, results }) => {
  const requests = results.flatMap((a) => [
    [a],
    ...results.map((b) => [a, b]),
    ...results.flatMap((b) => results.map((c) => [a, b, c])),
  ])
  return requests.map((hosts): Case => {
    const reply = answerFor(hosts)
    const updated = hosts.map(({ kind }) => kind === 'accepted' && reply.status === 200)
    return { reply, asked: { addresses, hosts: hosts.length }, updated }
  })
})

/** One host and one address. */
export const asked: Asked = { addresses: [publicV4], hosts: 1 }
/** The answers to a request as a whole, whoever it is for. */
export const failures = [badAuth, serverError911, tooManyHosts, internalError].map(
  (reply): Case => ({ reply, asked, updated: [false] }),
)
