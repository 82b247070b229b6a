import type { Resolver } from 'node:dns/promises'
import { askDns, type DnsLimits } from '../net/dns.js'

const limits: DnsLimits = { timeoutMs: 5000, tryMs: 1500 }

/** What `--dns` takes, for whoever has given it something else. */
export const acceptedDnsServer = 'the address of a DNS server, such as 192.0.2.53 or 192.0.2.53:5353'

/** Asks these servers, or those of this machine; what has no answer after 5 s fails with ECANCELLED. */
export function withResolver<T>(
  servers: readonly string[] | undefined,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  return askDns(servers, limits, ask)
}
