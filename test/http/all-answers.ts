import {
  answerFor,
  badAuth,
  brokenDown,
  type HostLine,
  hostLine,
  tooManyHosts,
  tryLater,
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

/** Every line that a host can get, by the addresses that it was asked to have. */
const linesByAddresses = [[publicV4], [publicV6], [publicV4, publicV6], []].map((addresses) => {
  const lines = new Map<string, HostLine>()
  const wanted: (string | undefined)[] = addresses.length > 0 ? addresses : [undefined, undefined]
  const outcomes = wanted.map((address): UpdateOutcome[] => [
    { kind: 'good', address },
    { kind: 'nochg', address },
    { kind: 'refused', reason: 'ok' },
    { kind: 'unavailable', reason: 'ok' },
  ])
  for (const first of outcomes[0] ?? []) {
    for (const second of outcomes[1] ?? [undefined]) {
      const line = hostLine(second ? [first, second] : [first])
      lines.set(line.text, line)
    }
  }
  for (const text of ['nohost', 'notfqdn']) lines.set(text, { kind: 'not-yours', text })
  return { addresses, lines: [...lines.values()] }
})

/** Every answer to an update of one, two or three hosts. */
export const updates = linesByAddresses.flatMap(({ addresses, lines }) => {
  const requests = lines.flatMap((a) => [
    [a],
    ...lines.map((b) => [a, b]),
    ...lines.flatMap((b) => lines.map((c) => [a, b, c])),
  ])
  return requests.map((hostLines): Case => {
    const reply = answerFor(hostLines)
    const updated = hostLines.map(({ kind }) => kind === 'accepted' && reply.status === 200)
    return { reply, asked: { addresses, hosts: hostLines.length }, updated }
  })
})

/** One host and one address. */
export const asked: Asked = { addresses: [publicV4], hosts: 1 }
/** The answers to a request as a whole, whoever it is for. */
export const failures = [badAuth, tryLater, tooManyHosts, brokenDown].map(
  (reply): Case => ({ reply, asked, updated: [false] }),
)
