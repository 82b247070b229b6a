import type { ServiceEvent } from '../events.js'
import type { Occurrence } from './digest.js'
import { maxNamed } from './notice.js'

/** What of an event its owner is told; undefined for nothing. */
export function occurrenceOf(event: ServiceEvent): Occurrence | undefined {
  switch (event.kind) {
    case 'record-written': {
      const { host, type, address, previous } = event
      // It may be the TTL alone that is new.
      if (address === undefined || address === previous) return undefined
      const item = { host, type, address, ...(previous === undefined ? {} : { previous }) }
      return { kind: 'address-changed', subject: host, key: `${host} ${type}`, item }
    }
    case 'record-given-up': {
      const { kind, host, type, reason } = event
      const item = { host, type, ...(reason === undefined ? {} : { reason }) }
      return { kind, subject: host, key: `${host} ${type}`, item }
    }
    case 'route53-failed': {
      const { kind, host, fault, reason } = event
      const subject = `${fault} ${host ?? ''}`
      return { kind, subject, key: subject, item: { ...(host ? { host } : {}), fault, reason } }
    }
    case 'locked-out': {
      const { kind, from, seconds } = event
      return { kind, subject: from, key: from, item: { from, seconds } }
    }
    case 'database-loaded': {
      const { problems } = event
      if (problems.length === 0) return undefined
      const item = { badLines: problems.length, lines: problems.slice(0, maxNamed) }
      return { kind: 'database-lines', subject: '', key: '', item }
    }
    case 'database-unreadable':
      return { kind: event.kind, subject: '', key: '', item: { reason: event.reason } }
    case 'registration':
    case 'route53-called':
    case 'login-failed':
      return undefined
  }
}
