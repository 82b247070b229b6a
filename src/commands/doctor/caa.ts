import { isWithin, parentOf } from '../../net/hostname.js'
import type { ZoneHosts } from '../account.js'
import { count, firstFew } from '../lists.js'

/** The CA that most ACME clients ask unless told otherwise, as it calls itself in CAA records. */
const usualAuthority = 'letsencrypt.org'

/**
 * What CAA records (RFC 8659) of a zone say against certificates by a DNS-01 challenge from the CA that most use; `caa` has
 * the values of these records by their names. Those above the zone are not known.
 */
export function obstaclesByCaa(
  { zone, names }: ZoneHosts,
  caa: ReadonlyMap<string, readonly string[]>,
): string[] {
  const hostsByRecord = new Map<string, Set<string>>()
  for (const host of names) {
    const record = closestCaa(host.replace(/^\*\./, ''), zone.name, caa)
    if (record === undefined) continue
    hostsByRecord.set(record, (hostsByRecord.get(record) ?? new Set()).add(host))
  }
  return [...hostsByRecord].flatMap(([record, hosts]) => {
    const about = `${count(hosts.size, 'host')} (${firstFew([...hosts])})`
    return describeCaa(record, caa.get(record) ?? [], about)
  })
}

/** The CAA record that counts for a name: its own, or else the nearest above it. */
function closestCaa(host: string, zone: string, caa: ReadonlyMap<string, unknown>): string | undefined {
  for (let name = host; isWithin(name, zone); name = parentOf(name)) {
    if (caa.has(name)) return name
    if (name === zone) break
  }
  return undefined
}

function describeCaa(record: string, values: readonly string[], about: string): string[] {
  const properties = values.map(readProperty)
  const issue = properties.filter(({ tag }) => tag === 'issue')
  const issueWild = properties.filter(({ tag }) => tag === 'issuewild')
  const describe = (what: string, tag: string, those: readonly Property[]) => {
    const authorities = those.flatMap(({ authority, allowsDns }) =>
      allowsDns && authority ? [authority] : [],
    )
    if (those.length === 0 || authorities.includes(usualAuthority)) return []
    const who = authorities.length > 0 ? `only ${firstFew(authorities)}` : 'no CA'
    const advice = `for Let's Encrypt, add the value 0 ${tag} "${usualAuthority}" to it`
    return [
      `the CAA record at ${record} lets ${who} issue ${what} by a DNS challenge, for ${about}: ${advice}`,
    ]
  }
  return issueWild.length > 0
    ? [
        ...describe('certificates', 'issue', issue),
        ...describe('wildcard certificates', 'issuewild', issueWild),
      ]
    : describe('certificates', 'issue', issue)
}

interface Property {
  readonly tag: string
  /** Empty: none may. */
  readonly authority: string
  /** Whether it is not limited to other ways of proof (RFC 8657, 4). */
  readonly allowsDns: boolean
}

/** Reads a value as Route 53 holds it, such as `0 issue "letsencrypt.org; validationmethods=dns-01"`. */
function readProperty(value: string): Property {
  const [, tag = '', text = ''] = /^\d+\s+(\S+)\s+"?([^"]*)"?$/.exec(value.trim()) ?? []
  const [authority = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const methods = parameters.find((parameter) => /^validationmethods\s*=/.test(parameter))
  return { tag: tag.toLowerCase(), authority, allowsDns: methods?.includes('dns-01') ?? true }
}
