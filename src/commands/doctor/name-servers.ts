import { Resolver } from 'node:dns/promises'
import { canonicalName } from '../../route53/api.js'
import type { Account } from '../account.js'
import type { Delegation, Found } from './delegation.js'
import type { ReadZone } from './records.js'

/** All questions to the DNS together are given up after this time. */
const timeoutMs = 5000

/** Codes that come from a DNS server which has looked for an answer. */
const negative = new Set(['ENOTFOUND', 'ENODATA', 'ESERVFAIL'])

/** Whether `findDelegations` can ask that server: an IP address, with or without a port. */
export function isDnsServer(text: string): boolean {
  try {
    new Resolver().setServers([text])
    return true
  } catch {
    return false
  }
}

/** Asks Route 53 and the DNS about the name servers of each zone; without `server`, the DNS server of this machine. */
export async function findDelegations(
  zones: readonly ReadZone[],
  { nameServers }: Account,
  server: string | undefined,
): Promise<Delegation[]> {
  const resolver = new Resolver({ timeout: 1500, tries: 2 })
  if (server !== undefined) resolver.setServers([server])
  const timer = setTimeout(() => resolver.cancel(), timeoutMs)
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
  return Promise.all(delegations).finally(() => clearTimeout(timer))
}

async function lookUp(resolver: Resolver, name: string): Promise<Found> {
  try {
    return (await resolver.resolveNs(name)).map(canonicalName)
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    // A server without a way to the internet says that of every name, and does not know the root either.
    return { code, isAnswer: negative.has(code) && (await knowsRoot(resolver)) }
  }
}

async function knowsRoot(resolver: Resolver): Promise<boolean> {
  try {
    return (await resolver.resolveNs('.')).length > 0
  } catch {
    return false
  }
}
