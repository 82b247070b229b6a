const prefix = '_acme-challenge.'

/** The name at which a CA looks for the DNS-01 challenge of a host (RFC 8555, 8.4); for `*.host` it is that of `host`. */
export function challengeName(host: string): string {
  return prefix + host.replace(/^\*\./, '')
}

/** What the names of the challenges of all hosts below a domain match, and no other name; `*` stands for any characters. */
export function challengePattern(domain: string): string {
  return `${prefix}*.${domain}`
}

/** The hosts that a challenge at this name certifies, a name and its wildcard; none where it is no challenge's name. */
export function hostsOfChallenge(name: string): string[] {
  if (!name.startsWith(prefix)) return []
  const host = name.slice(prefix.length)
  return [host, `*.${host}`]
}
