import {
  type Address,
  isHost,
  networkOf,
  type Prefix,
  parseAddress,
  parsePrefix,
  withoutPort,
} from '../net/ip-address.js'

/** What one item of an address parameter says. */
export type AddressItem =
  | { readonly kind: 'address'; readonly address: Address }
  /** A network, into which a host is to be moved. */
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  /** The caller's own address, whatever it is; of a network there is none. */
  | { readonly kind: 'auto' }
  /** The family shall stay as it is: deSEC's `preserve`, ddns-go's `no`, Dyn's `NOCHG`. */
  | { readonly kind: 'keep' }
  /** Begins as an address of this family and goes on as something else: no guess at what was meant may be published. */
  | { readonly kind: 'broken'; readonly family: 4 | 6 }
  /** No address at all, such as a placeholder that the client did not fill in. */
  | { readonly kind: 'unknown' }

/** The items of a list. What stands between them may be a comma, a semicolon or a space, which `+` in a URL is too. */
export function splitItems(list: string): string[] {
  return list
    .split(/[\s,;]+/)
    .map((item) => item.replace(/^["'`“”‘’]+|["'`“”‘’]+$/g, '').toLowerCase())
    .filter((item) => item !== '')
}

/**
 * Reads an item, in lower case. An address may have a port, brackets, a zone or the length of its network with it; where
 * it has no host part it says which network this is. In a parameter for networks it always does.
 */
export function readAddressItem(text: string, isNetwork: boolean): AddressItem {
  if (text === 'auto' && !isNetwork) return { kind: 'auto' }
  if (['preserve', 'no', 'nochg'].includes(text)) return { kind: 'keep' }
  const [, start = '', length] = /^(.*?)(?:\/(\d{1,3}))?$/s.exec(text) ?? []
  // The zone of an IPv6 address (RFC 4007) is a name of the client's own.
  const address = parseAddress(withoutPort(start).replace(/^([^%]*:[^%]*)%[\w.~%-]+$/, '$1'))
  if (!address) {
    const family = familyOfStart(text)
    return family ? { kind: 'broken', family: isNetwork ? 6 : family } : { kind: 'unknown' }
  }
  const bits = length === undefined ? undefined : Number(length)
  const prefix = isNetwork ? networkAround(address, bits) : networkAt(address, bits)
  if (prefix) return { kind: 'prefix', prefix }
  return isNetwork ? { kind: 'broken', family: 6 } : { kind: 'address', address }
}

/** A household's network has 64 bits (RFC 4291, 2.5.4), where nobody says otherwise. */
const subnetBits = 64

/**
 * The network of an address without a host part. An address that is all zero behind its 64th bit is that of every router
 * there (the subnet-router anycast address: RFC 4291, 2.6.1), unless /127 or /128 says that there are no others.
 */
function networkAt({ family, text }: Address, bits = subnetBits): Prefix | undefined {
  if (family !== 6) return undefined
  const prefix = parsePrefix(`${text}/${bits}`)
  if (prefix) return prefix.network === '::' ? undefined : prefix
  const isSubnet = bits < 127 && isHost({ family, text }) && networkOf(text, subnetBits) === text
  return isSubnet ? { network: text, bits: subnetBits } : undefined
}

/** The network that an address is in, if a length says so, or the address itself has no host part. */
function networkAround({ family, text }: Address, bits: number | undefined): Prefix | undefined {
  if (family !== 6 || bits === undefined || bits < 1 || bits > 127) return networkAt({ family, text }, bits)
  return { network: networkOf(text, bits), bits }
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const startOfIPv4 = new RegExp(`^(${octet}\\.){3}\\d`)
/** Two groups, perhaps in a bracket; colons may still be percent-encoded. */
const startOfIPv6 = /^\[?[\da-f]{0,4}(:|%3a)[\da-f]{0,4}(:|%3a)/

function familyOfStart(text: string): 4 | 6 | undefined {
  if (startOfIPv4.test(text)) return 4
  return startOfIPv6.test(text) ? 6 : undefined
}
