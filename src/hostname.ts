import { domainToASCII } from 'node:url'

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * The canonical spelling of a full host name: lower case, no trailing dot, IDN as punycode, at most 253
 * characters (RFC 1035), at least two labels; `*` may be the whole first label. Undefined for anything else,
 * an IP address and the empty string included. Underscores are allowed, as Route 53 allows them.
 */
export function parseHostname(text: string): string | undefined {
  const typed = text.trim().toLowerCase().replace(/\.$/, '')
  const name = isAscii(typed) ? typed : domainToASCII(typed)
  if (name.length > 253) return undefined
  const labels = name.split('.')
  const concrete = labels[0] === '*' ? labels.slice(1) : labels
  if (labels.length < 2 || !concrete.every((part) => label.test(part))) return undefined
  return /^\d+$/.test(concrete.at(-1) ?? '0') ? undefined : name
}

/** Whether `name` is `domain` or lies below it, on a label boundary; both in canonical spelling. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`)
}

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text)
}
