import { type Address, isHost, isPublic, isPublicPrefix, type Prefix } from '../net/ip-address.js'
import { describeTarget, type Target } from '../registrar/record.js'
import { type AddressItem, readAddressItem, splitItems } from './address-item.js'
import type { Caller } from './client-address.js'
import { hasList, listOf } from './parameters.js'

/** The targets of each record type that a request names; the other type is not touched. */
export type RequestedTargets = ReadonlyMap<'A' | 'AAAA', Target>

/** What a request asks for. */
export type TargetsOrRefusal = (
  | { readonly targets: RequestedTargets }
  /** Why nothing is published. */
  | { readonly refusal: string }
) & {
  /** What was named and is not published, each parameter once for each reason. */
  readonly unused: readonly UnusedParameter[]
}

/** Why something in a parameter is not published; never its value, which may be a token in the wrong place. */
export interface UnusedParameter {
  readonly parameter: string
  readonly reason: string
}

/** A parameter that may hold a list of addresses. */
interface AddressParameter {
  readonly name: string
  /** The family that it is for; undefined where it is for both. */
  readonly family?: 4 | 6
  /** Whether it is for networks alone. */
  readonly isNetwork?: true
}

/** dyndns2's own parameter and those that came after it; of a family, the first address of the first one counts. */
const addressParameters: readonly AddressParameter[] = [
  ...['myip', 'ip'].map((name) => ({ name })),
  ...['myipv4', 'ipv4', 'ip4'].map((name) => ({ name, family: 4 as const })),
  ...['myipv6', 'ipv6', 'ip6'].map((name) => ({ name, family: 6 as const })),
  ...['ip6lanprefix', 'ipv6lanprefix', 'ipv6prefix', 'ip6prefix', 'prefix'].map((name) => {
    return { name, family: 6 as const, isNetwork: true as const }
  }),
]

/** The names of all address parameters. */
export const addressParameterNames: readonly string[] = addressParameters.map(({ name }) => name)

/** An item, and the parameter that it stands in. */
type NamedItem = AddressItem & { readonly parameter: AddressParameter }

/** What may be published. */
interface Publishable {
  /** The caller's own address; undefined where it may not be, or there is none. */
  readonly own: Address | undefined
  address(address: Address): boolean
  prefix(prefix: Prefix): boolean
}

/** What the parameters of an update, as `readParameters` gives them, ask for: docs/http-api.md has the rules. */
export function readRequestedTargets(
  parameters: URLSearchParams,
  from: Caller,
  allowPrivate: boolean,
): TargetsOrRefusal {
  if (parameters.get('offline')?.toUpperCase() === 'YES') {
    const absent: Target = { kind: 'absent' }
    return { targets: new Map([['A', absent] as const, ['AAAA', absent] as const]), unused: [] }
  }
  const sent = addressParameters.filter(({ name }) => hasList(parameters, name))
  const items = sent.flatMap((parameter) => itemsOf(parameters, parameter))
  const isPublishable = (address: Address) => isPublic(address) || (allowPrivate && isHost(address))
  const publishable: Publishable = {
    own: from.address && isPublishable(from.address) ? from.address : undefined,
    address: isPublishable,
    prefix: (prefix) => allowPrivate || isPublicPrefix(prefix),
  }
  const broken = brokenParameter(items, publishable)
  if (broken) {
    const refusal = `${broken} begins as an address and goes on as something else: it must be corrected in the client`
    return { refusal, unused: [] }
  }
  const targets = chooseTargets(sent, items, publishable)
  const unused = unusedParameters(items, targets, publishable)
  return targets.size > 0
    ? { targets, unused }
    : { refusal: whyNothing(sent, items, publishable, from), unused }
}

function itemsOf(parameters: URLSearchParams, parameter: AddressParameter): NamedItem[] {
  const texts = splitItems(listOf(parameters, parameter.name))
  return texts.map((text) => ({ ...readAddressItem(text, parameter.isNetwork ?? false), parameter }))
}

/** The parameter in which the first of a family begins as an address of it and goes on as something else. */
function brokenParameter(items: readonly NamedItem[], publishable: Publishable): string | undefined {
  const found = new Set<'A' | 'AAAA'>()
  for (const item of items) {
    if (item.kind === 'broken' && !found.has(recordType(item.family))) return item.parameter.name
    const target = targetOf(item, publishable)
    if (target) found.add(typeOf(target))
  }
  return undefined
}

/**
 * Of each family the first target that is spelled out; else what stands in for an item; else, where there is none of
 * either family, the caller's own if that is what the request means.
 */
function chooseTargets(
  sent: readonly AddressParameter[],
  items: readonly NamedItem[],
  publishable: Publishable,
): RequestedTargets {
  const kept = keptTypes(items)
  const first = (targets: readonly Target[]) => {
    const ofTypes = targets.map((target) => [typeOf(target), target] as const)
    // Of two for one key, a map keeps the later.
    return new Map(ofTypes.filter(([type]) => !kept.has(type)).reverse())
  }
  const chosen = first([
    ...items.flatMap((item) => targetOf(item, publishable) ?? []),
    ...items.flatMap((item) => standInFor(item, publishable) ?? []),
  ])
  if (chosen.size > 0 || !publishable.own || !isCallerMeant(sent, items)) return chosen
  return first([addressTarget(publishable.own)])
}

/** What an item spells out, if it may be published. */
function targetOf(item: NamedItem, publishable: Publishable): Target | undefined {
  if (item.kind === 'address' && publishable.address(item.address)) return addressTarget(item.address)
  if (item.kind === 'prefix' && publishable.prefix(item.prefix))
    return { kind: 'prefix', prefix: item.prefix }
  return undefined
}

/**
 * The caller's own address, for `auto` and for an address that may not be published, where it is of the family of the
 * parameter and of that address. Nothing stands in for a network: the caller's address would be another host's.
 */
function standInFor(item: NamedItem, { own, address }: Publishable): Target | undefined {
  if (!own || (item.kind !== 'auto' && item.kind !== 'address')) return undefined
  if (item.kind === 'address' && (address(item.address) || item.address.family !== own.family))
    return undefined
  return (item.parameter.family ?? own.family) === own.family ? addressTarget(own) : undefined
}

/**
 * Whether the caller's address is what a request means that names none: Dyn's rule, for the parameters that are for both
 * families alone. Who names a family, or says that an address is to stay, means nothing else.
 */
function isCallerMeant(sent: readonly AddressParameter[], items: readonly NamedItem[]): boolean {
  const isOpen = sent.length === 0 || sent.some(({ family }) => family === undefined)
  return isOpen && items.every(({ kind, parameter }) => kind === 'unknown' || parameter.family !== undefined)
}

/** The record types that a parameter for their family says to leave alone. */
function keptTypes(items: readonly NamedItem[]): ReadonlySet<'A' | 'AAAA'> {
  const kept = items.filter(({ kind }) => kind === 'keep')
  return new Set(kept.flatMap(({ parameter: { family } }) => (family ? recordType(family) : [])))
}

/** Notes on the items that are not published. */
function unusedParameters(
  items: readonly NamedItem[],
  targets: RequestedTargets,
  publishable: Publishable,
): UnusedParameter[] {
  const notes = items.flatMap((item) => {
    const reason = whyUnused(item, targets, publishable)
    return reason
      ? [[`${item.parameter.name} ${reason}`, { parameter: item.parameter.name, reason }] as const]
      : []
  })
  return [...new Map(notes).values()]
}

function whyUnused(item: NamedItem, targets: RequestedTargets, publishable: Publishable): string | undefined {
  if (item.kind === 'unknown') return 'it holds no address'
  if (item.kind === 'broken') return 'another of that family comes first'
  if (item.kind === 'auto' && !standInFor(item, publishable))
    return 'the caller has no such address to publish'
  if (item.kind !== 'address' && item.kind !== 'prefix') return undefined
  const target = targetOf(item, publishable)
  if (!target) return 'it cannot be reached from the internet'
  const chosen = targets.get(typeOf(target))
  if (!chosen) return 'that address is to be left alone'
  return describeTarget(chosen) === describeTarget(target) ? undefined : 'another of that family comes first'
}

/** Why there is no target. */
function whyNothing(
  sent: readonly AddressParameter[],
  items: readonly NamedItem[],
  publishable: Publishable,
  from: Caller,
): string {
  const { own } = publishable
  const unreachable = items.filter((item) => !targetOf(item, publishable) && !standInFor(item, publishable))
  const texts = unreachable.flatMap((item) => describeItem(item) ?? [])
  if (texts.length > 0) {
    const other = own ? 'the caller has no other of that kind' : diagnose(from)
    return `${texts.join(', ')} cannot be reached from the internet, and ${other}`
  }
  const isCallersTurn = isCallerMeant(sent, items) || items.some(({ kind }) => kind === 'auto')
  if (!own && isCallersTurn) return diagnose(from)
  const names = sent.map(({ name }) => name).join(', ')
  return items.some(({ kind }) => kind === 'keep')
    ? `${names}: an address is to be left alone, and no other is named`
    : `no usable address in ${names}, and none of another family is taken in its place: it must be corrected in the client`
}

function describeItem(item: NamedItem): string | undefined {
  if (item.kind === 'address') return item.address.text
  return item.kind === 'prefix' ? describeTarget(item) : undefined
}

function recordType(family: 4 | 6): 'A' | 'AAAA' {
  return family === 4 ? 'A' : 'AAAA'
}

function typeOf(target: Target): 'A' | 'AAAA' {
  return target.kind === 'address' && !target.address.includes(':') ? 'A' : 'AAAA'
}

function addressTarget({ text }: Address): Target {
  return { kind: 'address', address: text }
}

function diagnose({ address, isForwarded, unreadable }: Caller): string {
  if (unreadable !== undefined)
    return `the caller has no address: the proxy in front passed on ${JSON.stringify(unreadable)} in X-Forwarded-For, which is none`
  const what = address ? `the caller's address ${address.text} is not public` : 'the caller has no address'
  const remedy = isForwarded
    ? 'the proxy in front is not trusted, or more of them are: set DYNDNS_TRUST_PROXY'
    : 'if a proxy is in front, it must send X-Forwarded-For'
  return `${what}: ${remedy}; or, if the service is on the LAN: set DYNDNS_ALLOW_PRIVATE=true`
}
