/**
 * What happens in the service that its owner may want to count or to hear of. Names, addresses and reasons as the log has
 * them: never a token, a key or a query. Hosts are canonical names, zones too; times are in milliseconds.
 */
export type ServiceEvent =
  | Registration
  | RecordWritten
  | RecordGivenUp
  | Route53Called
  | Route53Failed
  | LoginFailed
  | LockedOut
  | DatabaseLoaded
  | DatabaseUnreadable

/** What became of a record that a call with a right login asked for. Challenges are none. */
export interface Registration {
  readonly kind: 'registration'
  readonly host: string
  /** Undefined where the request has no address, and so is refused before any record is asked for. */
  readonly type: 'A' | 'AAAA' | undefined
  readonly outcome: 'good' | 'nochg' | 'refused' | 'unavailable'
  /** What the record holds now, or was to hold; undefined for none. */
  readonly address: string | undefined
  /** Why it was refused or is unavailable, in a word of the registrar's; undefined for the others. */
  readonly cause: string | undefined
  /** How long the caller waited, for the host database too. */
  readonly ms: number
  /** As `shortUserAgent` leaves it. */
  readonly userAgent: string
}

/**
 * Route 53 accepted a record, whether somebody still waited for it or not: said by the process that wrote it, once, and by
 * nobody where that process was killed before it heard the answer.
 */
export interface RecordWritten {
  readonly kind: 'record-written'
  /** The name of the record; that of a TXT record is a challenge's, `_acme-challenge.` and the host. */
  readonly host: string
  readonly type: 'A' | 'AAAA' | 'TXT'
  /** Undefined: there is no record any more; and for TXT. */
  readonly address: string | undefined
  /** What it held before, the same where only the TTL is new; undefined: there was no record; and for TXT. */
  readonly previous: string | undefined
}

/** A record was given up: Route 53 could not be brought to it in time. Said once for all processes. */
export interface RecordGivenUp {
  readonly kind: 'record-given-up'
  /** The name of the record, as above. */
  readonly host: string
  readonly type: 'A' | 'AAAA' | 'TXT'
  /** What Route 53 last said against it; undefined where it said nothing, or another process heard it. */
  readonly reason: string | undefined
}

/** A call to Route 53 has ended. */
export interface Route53Called {
  readonly kind: 'route53-called'
  readonly operation: 'list-zones' | 'get-zone' | 'list-record-sets' | 'change'
  readonly ms: number
  /** Changes in the batch; 0 for a read. */
  readonly changes: number
  /** The kind of fault, such as `throttled`; undefined: it succeeded. */
  readonly fault: string | undefined
}

/** Route 53 denies or rejects a host's record, or does not take this AWS key: what only the owner can mend. Said at each try. */
export interface Route53Failed {
  readonly kind: 'route53-failed'
  readonly fault: 'denied' | 'credentials' | 'rejected'
  /** The name of the record, as above; undefined where it concerns more than one. */
  readonly host: string | undefined
  readonly reason: string
}

/** A login was refused and counted. */
export interface LoginFailed {
  readonly kind: 'login-failed'
}

/** A place has failed too often. Said by each process to which one of its failed logins came. */
export interface LockedOut {
  readonly kind: 'locked-out'
  /** An IPv4 address, or an IPv6 /64. */
  readonly from: string
  /** Counted from its first failed login. */
  readonly seconds: number
}

/** A version of the host database is in use. */
export interface DatabaseLoaded {
  readonly kind: 'database-loaded'
  readonly hosts: number
  /** Lines that are left out, with the reason of each; empty when all is well. */
  readonly problems: readonly { readonly line: number; readonly reason: string }[]
}

/** The host database could not be read, or a version of it has no valid line; the last good one stays in use. */
export interface DatabaseUnreadable {
  readonly kind: 'database-unreadable'
  readonly reason: string
}

/** Takes an event. Never fails and never waits. */
export type Publish = (event: ServiceEvent) => void
