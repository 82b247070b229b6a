import type { Resolver } from 'node:dns/promises'
import { dnsCode } from '../../net/dns.js'
import { isWithin } from '../../net/hostname.js'
import { canonicalName, type Zone } from '../../route53/api.js'
import type { Account } from '../account.js'
import { withResolver } from '../dns.js'
import { count, firstFew } from '../lists.js'
import { type Finding, failed, findings, ok, skipped, type Verdict, warning } from './finding.js'
import type { ReadZone } from './zones.js'

/** What is known of a zone's name servers, all in canonical spelling. */
export interface Delegation {
  readonly zone: Zone
  /** Those that Route 53 has given the zone; undefined where that may not be asked. */
  readonly given: readonly string[] | undefined
  /** Those in the zone's own NS record; undefined where it could not be read. */
  readonly own: readonly string[] | undefined
  /** Those that the public DNS names. */
  readonly found: Found
}

/**
 * The name servers that the DNS names, or the code of node:dns, such as `ENOTFOUND`; `isAnswer`: the server knows the rest
 * of the internet, and not that zone.
 */
type Found = readonly string[] | { readonly code: string; readonly isAnswer: boolean }

/** Codes that come from a DNS server which has looked for an answer. */
const negativeCodes = new Set(['ENOTFOUND', 'ENODATA', 'ESERVFAIL'])

/** Asks Route 53 and the DNS about the name servers of each zone; without `server`, the DNS server of this machine. */
export async function findDelegations(
  zones: readonly ReadZone[],
  { nameServers }: Account,
  server: string | undefined,
): Promise<Delegation[]> {
  return withResolver(server === undefined ? undefined : [server], (resolver) => {
    const delegations = zones.map(async ({ zone, read }) => {
      // The key of the service may lack the permission: the zone's own NS record will do.
      const given = nameServers(zone.id).catch(() => undefined)
      const found = await lookUp(resolver, zone.name)
      return {
        zone,
        given: await given,
        own: 'value' in read ? read.value.nameServers : undefined,
        found,
      }
    })
    return Promise.all(delegations)
  })
}

async function lookUp(resolver: Resolver, name: string): Promise<Found> {
  try {
    return (await resolver.resolveNs(name)).map(canonicalName)
  } catch (error) {
    const code = dnsCode(error)
    // A server without a way to the internet says that of every name, and does not know the root either.
    return { code, isAnswer: negativeCodes.has(code) && (await knowsRoot(resolver)) }
  }
}

async function knowsRoot(resolver: Resolver): Promise<boolean> {
  try {
    return (await resolver.resolveNs('.')).length > 0
  } catch {
    return false
  }
}

/** Whether the DNS leads to the name servers of Route 53, for each zone. */
export function checkDelegations(delegations: readonly Delegation[]): Finding[] {
  const verdicts = delegations.map(verdictOnDelegation)
  const fine = delegations.filter((_, index) => verdicts[index] === undefined)
  const names = firstFew(fine.map(({ zone }) => zone.name))
  const amiss = verdicts.filter((verdict) => verdict !== undefined)
  if (fine.length > 0) amiss.push(ok(`the DNS leads to the name servers of Route 53 for ${names}`))
  return findings('delegation', amiss, 'zone')
}

/** What is wrong with one; undefined where all is well. */
function verdictOnDelegation({ zone, given, own, found }: Delegation): Verdict | undefined {
  const { name, id } = zone
  const expected = given ?? own
  if (!expected || expected.length === 0) {
    return skipped(
      `the name servers of ${name} (${id}) are not known: the key may neither do route53:GetHostedZone nor list the records`,
    )
  }
  const advice = `set ${expected.join(', ')} at the registrar of ${name}, or as its NS record in the zone above`
  if ('code' in found) {
    return found.isAnswer
      ? failed(`the DNS finds no name servers of ${name} (${found.code}): ${advice}`)
      : skipped(`no server of the public DNS answers for ${name} (${found.code})`)
  }
  if (isSame(found, expected)) return undefined
  const difference = `the DNS names ${found.join(', ')} as the name servers of ${name}, and Route 53 ${expected.join(', ')} for the zone ${id}`
  if (own && isSame(found, own)) {
    return warning(`${difference}: right only if those are other names of the same servers`)
  }
  const isPartly = found.some((server) => expected.includes(server))
  return (isPartly ? warning : failed)(`${difference}: ${advice}`)
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  const names = new Set(some)
  return names.size === new Set(others).size && others.every((name) => names.has(name))
}

/** NS records inside the zones that hide hosts below them from the DNS. */
export function checkCuts(zones: readonly ReadZone[]): Finding[] {
  const verdicts = zones.flatMap(({ zone, names, read }) => {
    const cuts = 'value' in read ? read.value.cuts : []
    return cuts.map((cut) => {
      const hidden = names.filter((name) => isWithin(name, cut))
      const what = `an NS record at ${cut} in the zone ${zone.name} (${zone.id}) hands over to other name servers`
      const effect = `what the service writes for ${count(hidden.length, 'host')} there is never seen (${firstFew(hidden)})`
      return failed(
        `${what}, and ${effect}: delete that record, or move the hosts into the zone that it leads to`,
      )
    })
  })
  return findings('delegation', verdicts, 'NS record')
}
