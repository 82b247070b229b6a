import {
  type CountedItem,
  maxNamed,
  type Notice,
  type NoticeItem,
  type NoticeKind,
  severities,
} from './notice.js'

/** What happened of one kind, before it is put into words. */
export interface Happened {
  readonly kind: NoticeKind
  /** At least one. */
  readonly items: readonly CountedItem[]
  /** Things beyond `items` that were only counted. */
  readonly unnamed: number
  readonly at: Date
}

/** A reason of more characters than this is cut. */
const maxReasonLength = 300

/** Puts into words what happened. Names the first `maxNamed` and counts the rest. */
export function describe({ kind, items: all, unnamed: uncounted, at }: Happened): Notice {
  const items = all.slice(0, maxNamed).map(shortened)
  const unnamed = uncounted + all.length - items.length
  const things = items.length + unnamed
  const [only] = items
  const { title, lines } =
    only && things === 1
      ? describeOne(kind, only)
      : { title: titleOfMany(kind, items, things), lines: items.map((item) => lineOf(kind, item)) }
  const again =
    things === 1 && only && only.times > 1 ? [`It happened ${only.times} times since the last notice.`] : []
  return {
    kind,
    severity: severities[kind],
    title,
    lines: [...lines, ...again, ...(unnamed > 0 ? [`and ${number(unnamed)} more`] : [])],
    items,
    unnamed,
    count: uncounted + all.reduce((sum, { times }) => sum + times, 0),
    at,
  }
}

/** A notice of which the owner learns that notices arrive. */
export function testNotice(at: Date): Notice {
  return describe({ kind: 'test', items: [{ times: 1 }], unnamed: 0, at })
}

interface Words {
  readonly title: string
  readonly lines: readonly string[]
}

function describeOne(kind: NoticeKind, item: NoticeItem): Words {
  const { host = '', address = '', previous, reason, from = '', seconds = 0 } = item
  const because = reason ? [reason] : []
  switch (kind) {
    case 'address-changed':
      return {
        title: `${host} is now at ${address}`,
        lines: previous === undefined ? [] : [`It was at ${previous} before.`],
      }
    case 'host-silent':
      return { title: `${host} is silent`, lines: [lastCallOf(item)] }
    case 'locked-out':
      return {
        title: `${from} is locked out`,
        lines: [`Too many logins from there have failed. Nobody may log in from there for ${seconds} s.`],
      }
    case 'database-lines':
      return describeLines(item)
    case 'database-unreadable':
      return { title: 'The host database cannot be read', lines: because }
    case 'route53-failed':
      return { title: titleOfFault(item), lines: because }
    case 'record-given-up':
      return { title: `${item.type} of ${host} was given up`, lines: because }
    case 'test':
      return { title: 'A test: notices of dyndns53 arrive here', lines: [] }
  }
}

function describeLines({ badLines = 0, lines = [] }: NoticeItem): Words {
  const left = badLines - lines.length
  return {
    title:
      badLines === 1
        ? 'A line of the host database is left out'
        : `${number(badLines)} lines of the host database are left out`,
    lines: [
      ...lines.map(({ line, reason }) => `line ${line}: ${reason}`),
      ...(left > 0 ? [`and ${number(left)} more`] : []),
    ],
  }
}

function titleOfFault({ fault, host }: NoticeItem): string {
  switch (fault) {
    case 'credentials':
      return 'Route 53 does not take the AWS key'
    case 'rejected':
      return `Route 53 rejects a change${host ? ` of ${host}` : ''}`
    default:
      return `Route 53 denies a change${host ? ` of ${host}` : ''}`
  }
}

function titleOfMany(kind: NoticeKind, items: readonly NoticeItem[], things: number): string {
  const [{ host } = {}] = items
  const isOneHost = things === items.length && items.every((item) => item.host === host)
  switch (kind) {
    case 'address-changed':
      return isOneHost
        ? `${host} is now at ${items.map(({ address }) => address).join(' and ')}`
        : `${number(things)} addresses have changed`
    case 'host-silent':
      return `${number(things)} hosts are silent`
    case 'locked-out':
      return `${number(things)} clients are locked out`
    case 'route53-failed':
      return `Route 53 refuses ${number(things)} changes`
    case 'record-given-up':
      return `${number(things)} records were given up`
    case 'database-lines':
    case 'database-unreadable':
    case 'test':
      // There is only one of each.
      return describeOne(kind, {}).title
  }
}

function lineOf(kind: NoticeKind, item: CountedItem): string {
  const { host = '', type = '', address = '', previous, from = '', seconds = 0, fault = '', times } = item
  const often = times > 1 ? ` (${number(times)} times)` : ''
  const because = (item.reason ? `: ${item.reason}` : '') + often
  switch (kind) {
    case 'address-changed':
      return `${host} ${type} ${address}${previous === undefined ? '' : `, before ${previous}`}${often}`
    case 'host-silent':
      return `${host}: ${lastCallOf(item)}`
    case 'locked-out':
      return `${from} for ${seconds} s${often}`
    case 'route53-failed':
      return [host, fault].filter(Boolean).join(' ') + because
    case 'record-given-up':
      return `${host} ${type}${because}`
    case 'database-lines':
    case 'database-unreadable':
    case 'test':
      return because
  }
}

function lastCallOf({ lastCall }: NoticeItem): string {
  return lastCall ? `its last call was at ${lastCall}` : 'it has not called since the service started'
}

function shortened(item: CountedItem): CountedItem {
  const { reason = '' } = item
  return reason.length > maxReasonLength ? { ...item, reason: `${reason.slice(0, maxReasonLength)}…` } : item
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
