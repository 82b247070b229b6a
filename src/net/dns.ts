import { Resolver } from 'node:dns/promises'

/** How long the DNS is asked; times in milliseconds. */
export interface DnsLimits {
  /** All questions together are given up after this time. */
  readonly timeoutMs: number
  /** How long a server has for an answer, before it is asked once more. */
  readonly tryMs: number
}

/** Whether `askDns` can ask that server: an IP address, with or without a port. */
export function isDnsServer(text: string): boolean {
  try {
    new Resolver().setServers([text])
    return true
  } catch {
    return false
  }
}

/**
 * Asks these servers, or without any those that this machine asks; when the time is up, what is still open rejects with
 * the code ECANCELLED.
 */
export async function askDns<T>(
  servers: readonly string[] | undefined,
  { timeoutMs, tryMs }: DnsLimits,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> {
  const resolver = new Resolver({ timeout: tryMs, tries: 2 })
  if (servers) resolver.setServers(servers)
  const timer = setTimeout(() => resolver.cancel(), timeoutMs)
  return ask(resolver).finally(() => clearTimeout(timer))
}

/** The code of an error of node:dns, such as `ENOTFOUND`. */
export function dnsCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}

/** Whether a server says that there is no such name, or no record of that type: an answer, though an error of node:dns. */
export function isNotThere(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(dnsCode(error))
}
