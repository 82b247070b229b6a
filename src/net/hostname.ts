import { domainToASCII } from 'node:url'

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/** Most names are canonical as they stand, without a wildcard: told in one look, as a database may have a million. */
const canonical =
  /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?!\d+$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * The canonical spelling of a full host name: lower case, no trailing dot, IDN as punycode, at most 253
 * characters (RFC 1035), at least two labels; `*` may be the whole first label. Undefined for anything else,
 * an IP address and the empty string included. Underscores are allowed, as Route 53 allows them.
 */
export function parseHostname(text: string): string | undefined {
  if (text.length <= 253 && canonical.test(text)) return text
  const typed = text.trim().toLowerCase().replace(/\.$/, '')
  const name = toAscii(typed)
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

/** Punycode for what is not ASCII; domainToASCII itself would cut off what looks like a path, a port or a query. */
function toAscii(typed: string): string {
  if (/^[\w.*-]*$/.test(typed)) return typed
  return /^[\w.*\u0080-\u{10ffff}-]*$/u.test(typed) ? domainToASCII(typed) : ''
}

/** The domain that a name of two labels or more lies right below: the name without its first label. */
export function parentOf(name: string): string {
  return name.slice(name.indexOf('.') + 1)
}

/** The names between a name and the apex of its zone, the nearest first; none for the apex itself, and right below it. */
export function namesBetween(name: string, apex: string): string[] {
  const names: string[] = []
  let parent = parentOf(name)
  while (parent !== apex && isWithin(parent, apex)) {
    names.push(parent)
    parent = parentOf(parent)
  }
  return names
}
