import { isIPv4, isIPv6 } from 'node:net'
import type { Answer, SoaData } from 'dns-packet'
import type { DnsRecordSet } from './zone.js'

/**
 * A record set as dns-packet answers, owned by `owner` as the question spells it. Empty for a type other than
 * A, AAAA, CNAME, NS, SOA and TXT. Throws for a value that its type does not allow.
 */
export function toAnswers(owner: string, set: DnsRecordSet): Answer[] {
  return set.values.flatMap((value) => {
    const answer = toAnswer(owner, set.type, set.ttl, value)
    return answer ? [answer] : []
  })
}

function toAnswer(name: string, type: string, ttl: number, value: string): Answer | undefined {
  switch (type) {
    case 'A':
      if (!isIPv4(value)) throw new TypeError(`not an IPv4 address: ${value}`)
      return { type, name, ttl, data: value }
    case 'AAAA':
      if (!isIPv6(value)) throw new TypeError(`not an IPv6 address: ${value}`)
      return { type, name, ttl, data: value }
    case 'CNAME':
    case 'NS':
      return { type, name, ttl, data: value }
    case 'SOA':
      return { type, name, ttl, data: parseSoa(value) }
    case 'TXT':
      return { type, name, ttl, data: parseText(value) }
    default:
      return undefined
  }
}

/**
 * The SOA of a zone as it stands in the authority section of a negative answer: its TTL is the smaller of its
 * own and its minimum (RFC 2308 section 5). Empty without a SOA.
 */
export function negativeSoa(zoneName: string, sets: readonly DnsRecordSet[]): Answer[] {
  const set = sets.find(({ name, type }) => type === 'SOA' && name === zoneName)
  const value = set?.values[0]
  if (!set || value === undefined) return []
  const data = parseSoa(value)
  return [{ type: 'SOA', name: zoneName, ttl: Math.min(set.ttl, data.minimum), data }]
}

function parseSoa(value: string): SoaData & { minimum: number } {
  const [mname, rname, ...numbers] = value.trim().split(/\s+/)
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number)
  if (
    mname === undefined ||
    rname === undefined ||
    minimum === undefined ||
    numbers.some((n) => !/^\d+$/.test(n))
  )
    throw new TypeError(`not a SOA: ${value}`)
  return { mname, rname, serial, refresh, retry, expire, minimum }
}

/**
 * The strings of a TXT value: each in double quotes, `\"` and `\\` for those characters, `\ooo` for an octet.
 */
function parseText(value: string): Buffer[] {
  const strings = value.match(/"(?:[^"\\]|\\.)*"/gs)
  if (!strings) throw new TypeError(`not a quoted TXT value: ${value}`)
  return strings.map((quoted) => {
    const text = quoted
      .slice(1, -1)
      .replace(/\\([0-7]{3}|.)/gs, (_, escaped: string) =>
        escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped,
      )
    return Buffer.from(text, 'latin1')
  })
}
