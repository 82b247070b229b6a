/** What notices are about, the mildest first. */
export const severities = {
  'address-changed': 'info',
  test: 'info',
  'host-silent': 'warning',
  'locked-out': 'warning',
  'database-lines': 'warning',
  'database-unreadable': 'error',
  'route53-failed': 'error',
  'record-given-up': 'error',
} as const

/** What a notice is about. */
export type NoticeKind = keyof typeof severities

/** One thing that a notice names. What does not apply is left out; no token, key, query or URL is in any of it. */
export interface NoticeItem {
  /** Canonical host name. */
  readonly host?: string
  readonly type?: 'A' | 'AAAA' | 'TXT'
  /** What the record holds now. */
  readonly address?: string
  /** What it held before; left out where there was no record. */
  readonly previous?: string
  /** When a host called last, in ISO 8601; left out where it has not called since the service started. */
  readonly lastCall?: string
  /** The address or network that is locked out, and for how long. */
  readonly from?: string
  readonly seconds?: number
  readonly fault?: 'denied' | 'credentials' | 'rejected'
  readonly reason?: string
  /** How many lines of the database are left out, and the first 20 of them. */
  readonly badLines?: number
  readonly lines?: readonly { readonly line: number; readonly reason: string }[]
}

/** An item, and how often it happened since the notice before: then it is the latest. */
export interface CountedItem extends NoticeItem {
  readonly times: number
}

/** What is sent. */
export interface Notice {
  readonly kind: NoticeKind
  readonly severity: 'info' | 'warning' | 'error'
  /** One line. */
  readonly title: string
  /** What there is to say beside the title, a line each; may be empty. */
  readonly lines: readonly string[]
  /** At most `maxNamed`. */
  readonly items: readonly CountedItem[]
  /** Things that happened too, beyond those in `items`. */
  readonly unnamed: number
  /** How often it happened in all. */
  readonly count: number
  readonly at: Date
}

/** A notice names at most this many things, and counts the rest. */
export const maxNamed = 20

/** A notice for a person, title first. */
export function linesOf({ title, lines }: Notice): string[] {
  return [title, ...lines]
}

/**
 * As many of the lines as fit into `limit` by `sizeOf`, with a line `…` where some are left out. A first line that does not fit
 * is cut.
 */
export function fitLines(
  lines: readonly string[],
  limit: number,
  sizeOf: (text: string) => number = (text) => text.length,
): string {
  const whole = lines.join('\n')
  if (sizeOf(whole) <= limit) return whole
  for (let kept = lines.length - 1; kept > 0; kept--) {
    const text = `${lines.slice(0, kept).join('\n')}\n…`
    if (sizeOf(text) <= limit) return text
  }
  const characters = [...(lines[0] ?? '')]
  while (characters.length > 0 && sizeOf(`${characters.join('')}…`) > limit) characters.pop()
  return `${characters.join('')}…`
}
