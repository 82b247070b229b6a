import type { Resolver } from 'node:dns/promises'
import { askDns, type DnsLimits, dnsCode, isNotThere } from './dns.js'
import { parentOf } from './hostname.js'
import { parseAddress } from './ip-address.js'

/** What one name server says of a host: canonical addresses in order, empty where it knows of none. */
export interface NameServerAnswer {
  readonly server: string
  readonly A: readonly string[]
  readonly AAAA: readonly string[]
}

/** What the name servers of a host's zone say, those that answer; or why nobody could be asked. */
export type NameServerAnswers =
  | { readonly kind: 'answered'; readonly answers: readonly NameServerAnswer[] }
  | { readonly kind: 'silent'; readonly reason: string }

/** Asks the name servers of the zone that a host lies in, live; never rejects, and takes 3 s at the most. */
export type AskNameServers = (host: string) => Promise<NameServerAnswers>

const limits: DnsLimits = { timeoutMs: 1500, tryMs: 700 }
/** Route 53 gives a zone four name servers; of more, these many are asked. */
const maxServers = 4

/**
 * Finds the zone's own name servers by the DNS of this machine. With `server`, an address with or without a port, that
 * one is asked in their place: for a network that does not let other questions out.
 */
export function createNameServers(server: string | undefined): AskNameServers {
  return async (host) => {
    const servers =
      server === undefined ? await findServers(host).catch(dnsCode) : [{ name: server, address: server }]
    if (typeof servers === 'string') {
      return { kind: 'silent', reason: `the DNS of this service does not say which they are (${servers})` }
    }
    const asked = await Promise.all(servers.map(({ name, address }) => askServer(name, address, host)))
    const answers = asked.filter((answer) => 'A' in answer)
    if (answers.length > 0) return { kind: 'answered', answers }
    const [first] = asked
    return {
      kind: 'silent',
      reason: first && 'code' in first ? `they do not answer (${first.code})` : 'there are none',
    }
  }
}

interface NameServer {
  readonly name: string
  readonly address: string
}

/** The name servers of the closest domain above the host, or the host itself, that has any. Throws an error of node:dns. */
function findServers(host: string): Promise<NameServer[]> {
  return askDns(undefined, limits, async (resolver) => {
    const names = (await closestNameServers(resolver, host.replace(/^\*\./, ''))).sort().slice(0, maxServers)
    const found = await Promise.allSettled(
      names.map(async (name) => {
        const [address] = await resolver.resolve4(name)
        return address === undefined ? [] : [{ name, address }]
      }),
    )
    const servers = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    const [failed] = found.filter(({ status }) => status === 'rejected')
    if (servers.length === 0 && failed && 'reason' in failed) throw failed.reason
    return servers
  })
}

async function closestNameServers(resolver: Resolver, domain: string): Promise<string[]> {
  try {
    return await resolver.resolveNs(domain)
  } catch (error) {
    if (!isNotThere(error) || !parentOf(domain).includes('.')) throw error
    return closestNameServers(resolver, parentOf(domain))
  }
}

async function askServer(
  name: string,
  address: string,
  host: string,
): Promise<NameServerAnswer | { readonly code: string }> {
  try {
    return await askDns([address], limits, async (resolver) => {
      const [A, AAAA] = await Promise.all([
        orNothing(resolver.resolve4(host)),
        orNothing(resolver.resolve6(host)),
      ])
      return { server: name, A, AAAA }
    })
  } catch (error) {
    return { code: dnsCode(error) }
  }
}

async function orNothing(found: Promise<string[]>): Promise<string[]> {
  try {
    return (await found).map((text) => parseAddress(text)?.text ?? text).sort()
  } catch (error) {
    if (isNotThere(error)) return []
    throw error
  }
}
