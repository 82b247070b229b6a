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
  // As the URL standard writes it: ipaddr.js takes ::192.0.2.1 for an IPv4-mapped address.
  const parsed = ipaddr.IPv6.parse(new URL(`http://[${text}]`).hostname.slice(1, -1))
  return parsed.isIPv4MappedAddress()
    ? { family: 4, text: parsed.toIPv4Address().toString() }
    : { family: 6, text: parsed.toRFC5952String() }
}
