import type { TextAnswer } from '../respond.js'
import { assess, type HostStatus } from './assess.js'
import { describeCall, valuesOf } from './words.js'

/** What the page of a host says, for dashboards. What is not known is null. */
export function hostJson(status: HostStatus, since: Date): TextAnswer {
  const { host, caller, look, nameServers, history } = status
  const { state, sentence, advice } = assess(status)
  return json(200, {
    host,
    state,
    sentence,
    advice,
    address: caller?.text ?? null,
    route53: look.kind === 'held' ? { A: valuesOf(look.A), AAAA: valuesOf(look.AAAA) } : null,
    nameServers: nameServers.kind === 'answered' ? nameServers.answers : null,
    since,
    calls: history.calls.map((call) => ({
      ...call,
      from: call.from ?? null,
      text: describeCall(call, status),
    })),
    changes: history.changes.map((change) => ({ ...change, address: change.address ?? null })),
  })
}

/** An answer in JSON, with a line end. */
export function json(status: number, body: unknown, headers: TextAnswer['headers'] = {}): TextAnswer {
  const text = `${JSON.stringify(body, null, 2)}\n`
  return { status, body: text, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' } }
}
