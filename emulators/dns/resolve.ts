import { Resolver } from 'node:dns/promises'

/**
 * Asks the DNS server on 127.0.0.1 at this port; addresses, names or texts as node:dns gives them. Rejects with
 * node:dns's codes: ENOTFOUND (NXDOMAIN), ENODATA, EREFUSED, ESERVFAIL, ETIMEOUT, …
 */
export async function resolve(
  port: number,
  name: string,
  type: 'A' | 'AAAA' | 'CNAME' | 'NS' | 'TXT',
): Promise<string[]> {
  const resolver = new Resolver()
  resolver.setServers([`127.0.0.1:${port}`])
  if (type !== 'TXT') return resolver.resolve(name, type)
  return (await resolver.resolveTxt(name)).map((strings) => strings.join(''))
}
