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
  if (isIP(text) === 0 || text.includes('%')) return undefined
  const parsed = ipaddr.process(text)
  return parsed.kind() === 'ipv4'
    ? { family: 4, text: parsed.toString() }
    : { family: 6, text: (parsed as ipaddr.IPv6).toRFC5952String() }
}
