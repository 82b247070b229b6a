/** What became of a call for a host, by the outcome of its records; `wrong-token`: it did not log in. */
export type CallOutcome = 'good' | 'nochg' | 'refused' | 'unavailable' | 'wrong-token'

/** A call for a host. Never a token, a query or a header but the user agent. */
export interface Call {
  /** The caller's canonical address; undefined where there is none. */
  readonly from: string | undefined
  /** As `shortUserAgent` leaves it. */
  readonly userAgent: string
  /** The path that was called: one of the service's own. */
  readonly path: string
  readonly outcome: CallOutcome
  /** What was asked for: addresses, or what stands for them, in words; empty where that is not known. */
  readonly wanted: string
  /** Why it was refused or is not done yet. */
  readonly reason?: string | undefined
}

/** Calls that were alike, one after the other. */
export interface CallGroup extends Call {
  readonly times: number
  /** When the first and the last of them ended. */
  readonly first: Date
  readonly last: Date
}

/** A record that was written. */
export interface AddressChange {
  readonly at: Date
  readonly type: 'A' | 'AAAA'
  /** What it holds since then; undefined: there is no record any more. */
  readonly address: string | undefined
}

/** What is known of a host, the latest first. */
export interface HostHistory {
  readonly calls: readonly CallGroup[]
  readonly changes: readonly AddressChange[]
}

/** What happened lately, host by host. Hosts are canonical names. Noting never fails and never waits. */
export interface History {
  noteCall(host: string, call: Call): void
  noteChange(host: string, change: Omit<AddressChange, 'at'>): void
  /** Empty for a host of which nothing is known. */
  read(host: string): Promise<HostHistory>
  /** Since when it notes: the start of the process, or of whatever keeps it. */
  readonly since: Date
}

const maxUserAgentLength = 120

/** A user agent fit to be kept: without control and format characters, at most 120 characters; empty where there is none. */
export function shortUserAgent(header: string | undefined): string {
  const text = (header ?? '').slice(0, 4 * maxUserAgentLength).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
  return [...text].slice(0, maxUserAgentLength).join('')
}
