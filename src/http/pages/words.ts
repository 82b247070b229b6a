import type { CallGroup } from '../../history/history.js'
import { describeTarget, type HeldRecords } from '../../registrar/record.js'
import type { HostStatus } from './assess.js'
import { type Html, html } from './html.js'

/** What became of a call, in words. What Route 53 holds by now says whether it was done later. */
export function describeCall(call: CallGroup, { look }: Pick<HostStatus, 'look'>): string {
  const isOffline = call.wanted.startsWith(describeTarget({ kind: 'absent' }))
  switch (call.outcome) {
    case 'good':
      return isOffline ? 'its records were deleted' : `registered ${call.wanted}`
    case 'nochg':
      return isOffline ? 'there were no records' : `${call.wanted} was there already`
    case 'refused':
      return `refused: ${call.reason ?? 'see the log'}`
    case 'wrong-token':
      return 'the token was wrong'
    case 'unavailable': {
      const held = look.kind === 'held' ? [look.A, look.AAAA].flatMap(valuesOf) : []
      const isDone = call.wanted !== '' && call.wanted.split(', ').every((address) => held.includes(address))
      return isDone
        ? `Route 53 did not take ${call.wanted} in time; it is done since`
        : `Route 53 did not take ${call.wanted} in time; it was tried on`
    }
  }
}

/** The values of the records of one type, or what is there in their place. */
export function valuesOf({ recordSets }: HeldRecords): string[] {
  return recordSets.flatMap(({ type, foreign, values }) => {
    if (foreign !== undefined) return [foreign]
    return type === 'CNAME' ? values.map((value) => `CNAME ${value}`) : values
  })
}

/** A moment; the script puts it into the viewer's own time zone. */
export function timeTag(at: Date): Html {
  const iso = at.toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`
}

/** A sentence with what stands between backticks as code. */
export function withCode(text: string): Html {
  const parts = text.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))
  return html`${parts}`
}
