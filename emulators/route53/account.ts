import type { NewHostedZone } from './calls.js'
import { noSuchChange, noSuchHostedZone } from './errors.js'
import { normalizeName } from './names.js'
import type { NewRecordSet } from './records.js'
import { Zone } from './zone.js'

/** An accepted change; `id` begins with C. */
export interface ChangeInfo {
  id: string
  status: 'PENDING' | 'INSYNC'
  submittedAtMs: number
  comment?: string | undefined
}

/** How an account is set up. */
export interface AccountOptions {
  /** The clock, in ms; by default the real one. */
  now?: () => number
  /** How long a change stays PENDING, in ms; by default 0: INSYNC at once. */
  inSyncAfterMs?: number
}

/** The hosted zones of an account as their owner sees them: no API, no quotas, no log. */
export class Account {
  protected readonly now: () => number
  readonly #zones = new Map<string, Zone>()
  readonly #inSyncAfterMs: number
  readonly #changes = new Map<string, { submittedAtMs: number; comment: string | undefined }>()
  #ids = 0

  constructor({ now = Date.now, inSyncAfterMs = 0 }: AccountOptions = {}) {
    this.now = now
    this.#inSyncAfterMs = inSyncAfterMs
  }

  /** Adds a zone, with a new id when none is given; the id of a present zone replaces that zone. */
  addZone(zone: NewHostedZone & { id?: string; records?: NewRecordSet[] }): Zone {
    const { id = this.#newId('Z'), comment, callerReference = 'emulator', records = [] } = zone
    const name = normalizeName(zone.name)
    const added = new Zone({ id, name, private: zone.private ?? false, comment, callerReference })
    for (const recordSet of records) added.put(recordSet)
    this.#zones.set(id, added)
    return added
  }

  /** The zone with this id; throws NoSuchHostedZone. */
  zone(id: string): Zone {
    const zone = this.#zones.get(id)
    if (!zone) throw noSuchHostedZone(id)
    return zone
  }

  /** All zones, in the order of their making. */
  zones(): Zone[] {
    return [...this.#zones.values()]
  }

  /** Removes a zone with all that it holds, as its owner might at any moment; without such a zone does nothing. */
  deleteZone(id: string): void {
    this.#zones.delete(id)
  }

  /** Another tool's change is in flight in this zone for `ms`, by default until the returned function is called. */
  hold(zoneId: string, ms = Number.POSITIVE_INFINITY): () => void {
    const { inFlight } = this.zone(zoneId)
    const change = { untilMs: this.now() + ms }
    inFlight.add(change)
    return () => {
      inFlight.delete(change)
    }
  }

  /** Notes a change that is accepted at this moment. */
  protected newChange(comment?: string): ChangeInfo {
    const id = this.#newId('C')
    this.#changes.set(id, { submittedAtMs: this.now(), comment })
    return this.changeInfo(id)
  }

  /** What is known of an accepted change now; throws NoSuchChange. */
  protected changeInfo(id: string): ChangeInfo {
    const change = this.#changes.get(id)
    if (!change) throw noSuchChange(id)
    const isPending = this.now() - change.submittedAtMs < this.#inSyncAfterMs
    return { id, status: isPending ? 'PENDING' : 'INSYNC', ...change }
  }

  /** Ids count up, so that a failing test fails the same way again. */
  #newId(letter: 'Z' | 'C'): string {
    this.#ids += 1
    return letter + this.#ids.toString(36).toUpperCase().padStart(13, '0')
  }
}
