import { normalizeName } from './names.js'
import { type NewRecordSet, normalizeRecordSet, type RecordSet } from './records.js'
import { RecordTable } from './table.js'

/** The name servers that every emulated zone is delegated to. */
export const nameServers = [
  'ns-1.awsdns-00.com',
  'ns-513.awsdns-00.net',
  'ns-1025.awsdns-00.org',
  'ns-1537.awsdns-00.co.uk',
]

/** What does not change over a zone's life; `name` is in the stored form. */
export interface ZoneIdentity {
  id: string
  name: string
  private: boolean
  comment?: string | undefined
  callerReference: string
}

/** A hosted zone, with the access that a test wants: past the API, its rules, quotas and call log. */
export class Zone {
  readonly id: string
  readonly name: string
  readonly private: boolean
  readonly comment: string | undefined
  readonly callerReference: string
  /** The record sets; replaced as a whole by an applied batch. */
  table = new RecordTable()
  /** Record set protections: the comment by `TYPE name`. */
  readonly protections = new Map<string, string>()
  /** The changes in flight, ours and others': when each ends by itself (ms; Infinity: only when it is released). */
  readonly inFlight = new Set<{ untilMs: number }>()

  /** A new zone comes with NS and SOA at its apex (Developer Guide, NS and SOA records). */
  constructor(identity: ZoneIdentity) {
    this.id = identity.id
    this.name = identity.name
    this.private = identity.private
    this.comment = identity.comment
    this.callerReference = identity.callerReference
    this.put({ name: this.name, type: 'NS', ttl: 172_800, values: nameServers.map((server) => `${server}.`) })
    const soa = `${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`
    this.put({ name: this.name, type: 'SOA', ttl: 900, values: [soa] })
  }

  /** Whether a change would be refused at this moment because another one is in flight. */
  isBusy(atMs: number): boolean {
    return [...this.inFlight].some(({ untilMs }) => untilMs > atMs)
  }

  /** Writes a record set as somebody else's tool would, in place of one with the same key; nothing is checked. */
  put(recordSet: NewRecordSet): void {
    this.table.put(normalizeRecordSet(recordSet))
  }

  /** The record sets of this name and type: none, one simple one, or one for each set identifier. */
  get(name: string, type: string): RecordSet[] {
    return this.table.at(normalizeName(name)).filter((recordSet) => recordSet.type === type)
  }

  /** All record sets in listing order. */
  records(): RecordSet[] {
    return this.table.page({}, Number.POSITIVE_INFINITY).recordSets
  }

  /** Removes a record set, if it is there. */
  remove(name: string, type: string, setIdentifier?: string): void {
    this.table.remove({ name: normalizeName(name), type, setIdentifier })
  }

  /**
   * Protects the record sets of this name and type, present or future: every batch that touches one fails
   * (CreateResourceRecordSetProtections in the API reference). Returns a function that ends the protection.
   */
  protect(name: string, type: string, comment = ''): () => void {
    const key = `${type} ${normalizeName(name)}`
    this.protections.set(key, comment)
    return () => {
      this.protections.delete(key)
    }
  }
}
