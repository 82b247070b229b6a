import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An IP address in its one canonical spelling (RFC 5952 for IPv6). */
export interface Address {
  readonly family: 4 | 6
  readonly text: string
}

/**
 * Reads one IPv4 or IPv6 address, undefined for anything else. IPv4-mapped IPv6 (`::ffff:192.0.2.1`) is
 * unwrapped to IPv4. Zone ids, ports, brackets and the short IPv4 forms of inet_aton(3) are not addresses here.
 */
export function parseAddress(text: string): Address | undefined {
  const family = text.includes('%') ? 0 : isIP(text)
  if (family === 4) return { family, text }
  if (family !== 6) return undefined
  const parsed = readIPv6(text)
  return parsed.isIPv4MappedAddress()
    ? { family: 4, text: parsed.toIPv4Address().toString() }
    : { family: 6, text: parsed.toRFC5952String() }
}

/** Whether the whole internet can reach the address: no private, shared, documentation or other special range. */
export function isPublic({ family, text }: Address): boolean {
  if (ipaddr.parse(text).range() !== 'unicast') return false
  // All that IANA has given out of the global unicast space.
  return family === 4 || readIPv6(text).match(ipaddr.IPv6.parse('2000::'), 3)
}

/**
 * Who can reach the address: the whole internet, only its own network, or nobody from outside since a provider shares one
 * address among many households (RFC 6598, carrier-grade NAT); `special` for all other ranges.
 */
export function reachOf(address: Address): 'public' | 'private' | 'shared' | 'special' {
  if (isPublic(address)) return 'public'
  const range = ipaddr.parse(address.text).range()
  if (range === 'carrierGradeNat') return 'shared'
  return ['private', 'uniqueLocal', 'loopback', 'linkLocal'].includes(range) ? 'private' : 'special'
}

/** The network part of an IPv6 address. */
export interface Prefix {
  /** Canonical, its host bits zero. */
  readonly network: string
  /** From 1 to 127. */
  readonly bits: number
}

/** Whether the address can be that of one host at all: not in 0.0.0.0/8, not ::, broadcast or multicast. */
export function isHost({ text }: Address): boolean {
  return !['unspecified', 'broadcast', 'multicast'].includes(ipaddr.parse(text).range())
}

/** Reads `address/bits` as a prefix; undefined unless all host bits are zero and there are some. */
export function parsePrefix(text: string): Prefix | undefined {
  const [, start = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const address = parseAddress(start)
  const bits = Number(length)
  if (address?.family !== 6 || bits < 1 || bits > 127) return undefined
  const network = networkOf(address.text, bits)
  return network === address.text ? { network, bits } : undefined
}

/** Whether every address in the prefix is public: a shorter one than /48, which no household gets, may hold others. */
export function isPublicPrefix({ network, bits }: Prefix): boolean {
  return bits >= 48 && isPublic({ family: 6, text: network })
}

/**
 * An address as it stands before a port, `192.0.2.1:80`, or between brackets, `[2001:db8::1]` or `[2001:db8::1]:80`
 * (RFC 3986, 3.2.2); any other text as it is.
 */
export function withoutPort(text: string): string {
  const [, v6, v4] = /^\[([^\][]*:[^\][]*)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text) ?? []
  return v6 ?? v4 ?? text
}

/** The first `bits` of an IPv6 address, the others zero. */
export function networkOf(text: string, bits: number): string {
  return ipaddr.IPv6.networkAddressFromCIDR(`${text}/${bits}`).toRFC5952String()
}

/** The address with the network part of `prefix` and the host bits of `host`; both IPv6 and canonical. */
export function moveToPrefix(host: string, { network, bits }: Prefix): string {
  const mask = ipaddr.IPv6.subnetMaskFromPrefixLength(bits).toByteArray()
  const networkBytes = readIPv6(network).toByteArray()
  const moved = readIPv6(host)
    .toByteArray()
    .map((byte, index) => (byte & ~(mask[index] ?? 0)) | (networkBytes[index] ?? 0))
  return new ipaddr.IPv6(moved).toRFC5952String()
}

function readIPv6(text: string): ipaddr.IPv6 {
  // As the URL standard writes it: ipaddr.js takes ::192.0.2.1 for an IPv4-mapped address.
  return ipaddr.IPv6.parse(new URL(`http://[${text}]`).hostname.slice(1, -1))
}
