import { Resolver } from 'node:dns/promises'

/**
 * Asks the DNS server on 127.0.0.1 at this port; addresses or names as node:dns gives them. Rejects with
 * node:dns's codes: ENOTFOUND (NXDOMAIN), ENODATA, EREFUSED, ESERVFAIL, ETIMEOUT, …
 */
export async function resolve(
  port: number,
  name: string,
  type: 'A' | 'AAAA' | 'CNAME' | 'NS',
): Promise<string[]> {
  const resolver = new Resolver()
  resolver.setServers([`127.0.0.1:${port}`])
  return resolver.resolve(name, type)
}
