import type { Resolver } from 'node:dns/promises'
import { dnsCode, isNotThere } from '../../net/dns.js'
import { parseAddress } from '../../net/ip-address.js'
import type { Zone } from '../../route53/api.js'
import type { Account } from '../account.js'
import type { AddressRecord } from '../address-records.js'
import { withResolver } from '../dns.js'

/** The addresses that the DNS answers, in canonical spelling and order, none for no record; or why there is no answer. */
export type Answer = { readonly addresses: readonly string[] } | { readonly error: string }

/** A record, and what the DNS says in its place. */
export interface AnsweredRecord {
  readonly record: AddressRecord
  readonly answer: Answer
}

/** This many questions are put at once. */
const maxQuestions = 100

/** Asks the zones' own name servers, or the DNS server `dns` in their place, for each of the records; keeps their order. */
export async function askNameServers(
  records: readonly AddressRecord[],
  account: Account,
  dns: string | undefined,
): Promise<AnsweredRecord[]> {
  const servers = new Map<Zone, Promise<readonly string[]>>()
  const serversOf = (zone: Zone) => {
    const known =
      servers.get(zone) ?? (dns === undefined ? findServers(account, zone) : Promise.resolve([dns]))
    servers.set(zone, known)
    return known
  }
  const answered: AnsweredRecord[] = []
  for (let start = 0; start < records.length; start += maxQuestions) {
    const some = records.slice(start, start + maxQuestions)
    const asking = some.map(async (record) => {
      return { record, answer: await ask(record, await serversOf(record.zone)) }
    })
    answered.push(...(await Promise.all(asking)))
  }
  return answered
}

/** Addresses of the zone's name servers; empty where they cannot be found. The zone's parent need not know them. */
async function findServers({ nameServers }: Account, zone: Zone): Promise<readonly string[]> {
  // The key may lack the permission: then the DNS has to lead there.
  const given = await nameServers(zone.id).catch(() => undefined)
  return withResolver(undefined, async (resolver) => {
    const names = given ?? (await resolver.resolveNs(zone.name).catch(() => []))
    const found = await Promise.all(names.map((name) => resolver.resolve4(name).catch(() => [])))
    return found.flat()
  })
}

async function ask({ zone, name, type }: AddressRecord, servers: readonly string[]): Promise<Answer> {
  if (servers.length === 0) return { error: `the name servers of ${zone.name} were not found` }
  try {
    const found = await withResolver(servers, (resolver) => resolve(resolver, name, type))
    return { addresses: found.map((text) => parseAddress(text)?.text ?? text).sort() }
  } catch (error) {
    return isNotThere(error) ? { addresses: [] } : { error: dnsCode(error) }
  }
}

function resolve(resolver: Resolver, name: string, type: 'A' | 'AAAA'): Promise<string[]> {
  return type === 'A' ? resolver.resolve4(name) : resolver.resolve6(name)
}
