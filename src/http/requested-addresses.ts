import {
  type Address,
  isHost,
  isPublic,
  isPublicPrefix,
  type Prefix,
  parseAddress,
  parsePrefix,
} from '../net/ip-address.js'
import type { Target } from '../registrar/record.js'
import type { Caller } from './client-address.js'

/** The target of each record type that a request names; the other type is not touched. */
export type RequestedTargets = ReadonlyMap<'A' | 'AAAA', Target>

/** The targets of a request, at least one; or why there is nothing that could be published. */
export type TargetsOrRefusal = RequestedTargets | { readonly refusal: string }

/** dyndns2's own parameter and those that came after it; each is a list. */
const addressParameters = ['myip', 'ip', 'myipv6', 'ipv6', 'ip6']

/**
 * What the parameters of an update ask for. Without anything usable, the caller's own address (Dyn's rule). Of each
 * family the first address counts; one that is not public gives way to the caller's of that family, unless
 * `allowPrivate`. `prefix/bits` without host bits moves the AAAA record into that network; `offline=YES` asks for no
 * records at all.
 */
export function readRequestedTargets(
  parameters: URLSearchParams,
  from: Caller,
  allowPrivate: boolean,
): TargetsOrRefusal {
  if (parameters.get('offline')?.toUpperCase() === 'YES') {
    return new Map([
      ['A', { kind: 'absent' }],
      ['AAAA', { kind: 'absent' }],
    ])
  }
  const isPublishable = (address: Address) => isPublic(address) || (allowPrivate && isHost(address))
  const targets = new Map<'A' | 'AAAA', Target>()
  const unpublishable: string[] = []
  const ownAddress = from.address && isPublishable(from.address) ? from.address : undefined
  const add = (address: Address) => {
    const type = address.family === 4 ? 'A' : 'AAAA'
    if (!targets.has(type)) targets.set(type, { kind: 'address', address: address.text })
  }
  for (const item of listItems(parameters)) {
    if (item === 'auto') {
      if (ownAddress) add(ownAddress)
      continue
    }
    const { address, prefix } = readItem(item)
    if (prefix) {
      // The caller's own address would be another host's: nothing takes the place of a prefix.
      if (!allowPrivate && !isPublicPrefix(prefix)) unpublishable.push(item)
      else if (!targets.has('AAAA')) targets.set('AAAA', { kind: 'prefix', prefix })
    } else if (address && isPublishable(address)) add(address)
    else if (address && ownAddress?.family === address.family) add(ownAddress)
    else if (address) unpublishable.push(address.text)
  }
  if (targets.size > 0) return targets
  if (unpublishable.length > 0) {
    const other = ownAddress ? 'the caller has no other of that kind' : diagnose(from)
    return { refusal: `${unpublishable.join(', ')} cannot be reached from the internet, and ${other}` }
  }
  if (!ownAddress) return { refusal: diagnose(from) }
  add(ownAddress)
  return targets
}

/** All items of all address parameters, in their order; of a repeated parameter, the first counts. */
function listItems(parameters: URLSearchParams): string[] {
  return (
    addressParameters
      .flatMap((name) => (parameters.get(name) ?? '').split(','))
      .map((item) => item.trim().toLowerCase())
      .filter((item) => item !== '')
      // What is spelled out comes before what is left to the service.
      .sort((a, b) => Number(a === 'auto') - Number(b === 'auto'))
  )
}

/** Routers put the length of their network behind an address: it counts only where it says that this is a network. */
function readItem(item: string): { address?: Address; prefix?: Prefix } {
  const prefix = parsePrefix(item)
  const address = parseAddress(item.replace(/\/\d{1,3}$/, ''))
  return { ...(address && { address }), ...(prefix && { prefix }) }
}

function diagnose({ address, isForwarded }: Caller): string {
  const what = address ? `the caller's address ${address.text} is not public` : 'the caller has no address'
  const remedy = isForwarded
    ? 'the proxy in front is not trusted, or more of them are: set DYNDNS_TRUST_PROXY'
    : 'if a proxy is in front, it must send X-Forwarded-For'
  return `${what}: ${remedy}; or, if the service is on the LAN: set DYNDNS_ALLOW_PRIVATE=true`
}
