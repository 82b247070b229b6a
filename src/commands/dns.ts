import { Resolver } from 'node:dns/promises'

/** All questions that are put together are given up after this time. */
const dnsTimeoutMs = 5000
/** How long a DNS server has for an answer, before it is asked once more. */
const dnsTryMs = 1500

/** Whether a resolver can ask that server: an IP address, with or without a port. */
export function isDnsServer(text: string): boolean {
  try {
    new Resolver().setServers([text])
    return true
  } catch {
    return false
  }
}

/** What `--dns` takes, for whoever has given it something else. */
export const acceptedDnsServer = 'the address of a DNS server, such as 192.0.2.53 or 192.0.2.53:5353'

/** Asks these servers, or those of this machine; what has no answer after 5 s fails with ECANCELLED. */
export async function withResolver<T>(
  servers: readonly string[] | undefined,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  const resolver = new Resolver({ timeout: dnsTryMs, tries: 2 })
  if (servers !== undefined) resolver.setServers(servers)
  const timer = setTimeout(() => resolver.cancel(), dnsTimeoutMs)
  return ask(resolver).finally(() => clearTimeout(timer))
}

/** The code of what a resolver has thrown, such as `ENOTFOUND`. */
export function dnsErrorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
