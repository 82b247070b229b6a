import { Account, type AccountOptions, type ChangeInfo } from './account.js'
import { applyBatch } from './batch.js'
import {
  type Call,
  CallLog,
  type LoggedCall,
  type NewHostedZone,
  type RecordSetsRequest,
  type ZonesByNameRequest,
  type ZonesRequest,
} from './calls.js'
import { hostedZoneNotEmpty, invalidInput, priorRequestNotComplete, throttling } from './errors.js'
import { type ZonesPage, zonesById, zonesByName } from './listing.js'
import { changeUnits, createMeter, type Meter, type Quotas } from './quotas.js'
import { type Change, type NewChange, normalizeRecordSet } from './records.js'
import { checkShape } from './shape.js'
import type { RecordSetsPage } from './table.js'
import type { Zone } from './zone.js'

/** How the modelled account behaves. */
export interface ModelOptions extends AccountOptions {
  /** The account's quotas; by default none. */
  quotas?: Quotas
}

/** A change in flight, which holds its zone's lock until one of the two is called; a second call throws. */
export interface Pending {
  /** Applies the whole batch to the zone as it is now, or throws InvalidChangeBatch or NoSuchHostedZone. */
  apply(): ChangeInfo
  /** Gives up the change; nothing is applied. */
  abandon(): void
}

/**
 * An AWS account behind the rules of the Route 53 API, without I/O and with an injected clock. The methods named
 * after API actions spend the quotas, are logged and throw Route53Error; those of Account do none of it.
 * Left out: the limits on names, failover and geographic routing, health checks, whether an alias target exists, and
 * the per-action buckets (for the actions here they are as large as the account's).
 */
export class Route53Model extends Account {
  readonly log = new CallLog()
  #requestMeter: Meter
  #changeMeter: Meter

  constructor(options: ModelOptions = {}) {
    super(options)
    this.#requestMeter = createMeter(options.quotas?.requests, this.now)
    this.#changeMeter = createMeter(options.quotas?.changes, this.now)
  }

  /** Replaces the quotas by new ones with full buckets; `{}` switches them off. */
  setQuotas({ requests, changes }: Quotas): void {
    this.#requestMeter = createMeter(requests, this.now)
    this.#changeMeter = createMeter(changes, this.now)
  }

  /** Logs a call that was answered before it came to the service: it spends and does nothing. */
  record(call: Call, outcome: string): void {
    this.log.settle(this.log.receive(call, this.now()), outcome)
  }

  /** A page of the account's zones. */
  listHostedZones(request: ZonesRequest = {}): ZonesPage {
    return this.#answer({ action: 'ListHostedZones', ...request }, () => zonesById(this.zones(), request))
  }

  /** A page of the account's zones, sorted by name. */
  listHostedZonesByName(request: ZonesByNameRequest = {}): ZonesPage {
    return this.#answer({ action: 'ListHostedZonesByName', ...request }, () =>
      zonesByName(this.zones(), request),
    )
  }

  /** One zone; throws NoSuchHostedZone. */
  getHostedZone(zoneId: string): Zone {
    return this.#answer({ action: 'GetHostedZone', zoneId }, () => this.zone(zoneId))
  }

  /** Record sets in listing order, those still PENDING included; at most 300, which is also the default. */
  listResourceRecordSets(zoneId: string, request: RecordSetsRequest = {}): RecordSetsPage {
    return this.#answer({ action: 'ListResourceRecordSets', zoneId, ...request }, () => {
      const { name, type, maxItems = 300 } = request
      if (name === undefined && type !== undefined) throw invalidInput('') // the service gives no reason either
      return this.zone(zoneId).table.page(request, Math.min(maxItems, 300))
    })
  }

  /** Creates an empty zone. Unlike the real service: needs no VPC, and a caller reference may be used again. */
  createHostedZone(request: NewHostedZone): { zone: Zone; change: ChangeInfo } {
    return this.#answer({ action: 'CreateHostedZone', ...request }, () => {
      return { zone: this.addZone(request), change: this.newChange() }
    })
  }

  /** Deletes a zone; throws NoSuchHostedZone, or HostedZoneNotEmpty when it holds more than its NS and SOA. */
  deleteHostedZone(zoneId: string): ChangeInfo {
    return this.#answer({ action: 'DeleteHostedZone', zoneId }, () => {
      const zone = this.zone(zoneId)
      if (zone.records().some(({ name, type }) => name !== zone.name || !['NS', 'SOA'].includes(type))) {
        throw hostedZoneNotEmpty()
      }
      this.deleteZone(zoneId)
      return this.newChange()
    })
  }

  /** An accepted change; throws NoSuchChange. */
  getChange(changeId: string): ChangeInfo {
    return this.#answer({ action: 'GetChange', changeId }, () => this.changeInfo(changeId))
  }

  /**
   * Begins a ChangeResourceRecordSets: holds the zone's lock from now on, or throws Throttling, NoSuchHostedZone,
   * InvalidInput or PriorRequestNotComplete. A refused change has spent its quota all the same.
   */
  beginChange(zoneId: string, changes: readonly NewChange[], comment?: string): Pending {
    const batch = changes.map(({ action, recordSet }) => ({
      action,
      recordSet: normalizeRecordSet(recordSet),
    }))
    const call = { action: 'ChangeResourceRecordSets', zoneId, changes: batch, comment } as const
    const logged = this.log.receive(call, this.now())
    return this.log.attempt(logged, () => {
      this.#spendRequest()
      const zone = this.zone(zoneId)
      if (!this.#changeMeter.take(changeUnits(batch))) throw throttling()
      checkShape(batch)
      if (zone.isBusy(this.now())) throw priorRequestNotComplete()
      return this.#pending(logged, zoneId, batch, comment)
    })
  }

  #pending(logged: LoggedCall, zoneId: string, changes: Change[], comment?: string): Pending {
    const release = this.hold(zoneId)
    let isOver = false
    const end = () => {
      if (isOver) throw new Error('This change has been applied or abandoned before')
      isOver = true
      release()
    }
    return {
      apply: () => {
        end()
        return this.log.attempt(logged, () => {
          const zone = this.zone(zoneId)
          zone.table = applyBatch(zone, changes)
          this.log.settle(logged, 'ok')
          return this.newChange(comment)
        })
      },
      abandon: () => {
        end()
        this.log.settle(logged, 'abandoned')
      },
    }
  }

  #answer<T>(call: Call, work: () => T): T {
    const logged = this.log.receive(call, this.now())
    return this.log.attempt(logged, () => {
      this.#spendRequest()
      const answer = work()
      this.log.settle(logged, 'ok')
      return answer
    })
  }

  #spendRequest(): void {
    if (!this.#requestMeter.take(1)) throw throttling()
  }
}
