import { Route53Error } from './errors.js'
import type { Change } from './records.js'
import type { ListStart } from './table.js'

/** Where a page of zones starts (the id of its first zone) and how many zones it may hold. */
export interface ZonesRequest {
  marker?: string | undefined
  maxItems?: number | undefined
}

/** The same for zones by name; `hostedZoneId` counts only among zones named `dnsName`. */
export interface ZonesByNameRequest {
  dnsName?: string | undefined
  hostedZoneId?: string | undefined
  maxItems?: number | undefined
}

/** Where a page of record sets starts (the name in any form) and how many it may hold. */
export interface RecordSetsRequest extends ListStart {
  maxItems?: number | undefined
}

/** A zone to create; `private` is false when left out. */
export interface NewHostedZone {
  name: string
  private?: boolean | undefined
  comment?: string | undefined
  callerReference?: string | undefined
}

/** A call as the service understood it; record sets in a batch are in the stored form. */
export type Call =
  | ({ action: 'ListHostedZones' } & ZonesRequest)
  | ({ action: 'ListHostedZonesByName' } & ZonesByNameRequest)
  | { action: 'GetHostedZone'; zoneId: string }
  | ({ action: 'ListResourceRecordSets'; zoneId: string } & RecordSetsRequest)
  | { action: 'ChangeResourceRecordSets'; zoneId: string; changes: Change[]; comment?: string | undefined }
  | { action: 'GetChange'; changeId: string }
  | ({ action: 'CreateHostedZone' } & NewHostedZone)
  | { action: 'DeleteHostedZone'; zoneId: string }

/**
 * A call and what became of it: `ok`, the code of the refusal, `in flight` (a change not applied yet), `abandoned`,
 * or the kind of the fault that hit it before anything was applied (`reset`, `stall`, `raw`).
 */
export type LoggedCall = Call & { atMs: number; outcome: string }

/** What a test may judge a client by. */
export interface Statistics {
  /** Calls of every action but ChangeResourceRecordSets. */
  reads: number
  /** ChangeResourceRecordSets calls, refused ones included. */
  writes: number
  throttled: number
  priorRequestNotComplete: number
  /** The most ChangeResourceRecordSets calls that one zone had at the same time; above 1 the client overlapped. */
  maxChangesInFlight: number
}

/** Every call that the emulator received, oldest first, until `clear`. */
export class CallLog {
  readonly calls: LoggedCall[] = []
  readonly #inFlight = new Map<string, number>()
  readonly #maxInFlight = new Map<string, number>()

  /** Notes a call; it is in flight until it is settled. */
  receive(call: Call, atMs: number): LoggedCall {
    const logged: LoggedCall = { ...call, atMs, outcome: 'in flight' }
    this.calls.push(logged)
    if (logged.action === 'ChangeResourceRecordSets') {
      const { zoneId } = logged
      const inFlight = (this.#inFlight.get(zoneId) ?? 0) + 1
      this.#inFlight.set(zoneId, inFlight)
      this.#maxInFlight.set(zoneId, Math.max(inFlight, this.#maxInFlight.get(zoneId) ?? 0))
    }
    return logged
  }

  /** Notes how a call ended. */
  settle(logged: LoggedCall, outcome: string): void {
    logged.outcome = outcome
    if (logged.action !== 'ChangeResourceRecordSets') return
    this.#inFlight.set(logged.zoneId, (this.#inFlight.get(logged.zoneId) ?? 0) - 1)
  }

  /** Runs `work` and settles the call with the code of the Route53Error that it throws. */
  attempt<T>(logged: LoggedCall, work: () => T): T {
    try {
      return work()
    } catch (error) {
      this.settle(logged, error instanceof Route53Error ? error.code : 'emulator bug')
      throw error
    }
  }

  /** Counts over all calls, or over those that name this zone. */
  statistics(zoneId?: string): Statistics {
    const calls = this.calls.filter((call) => {
      return zoneId === undefined || ('zoneId' in call && call.zoneId === zoneId)
    })
    const count = (test: (call: LoggedCall) => boolean) => calls.filter(test).length
    const maxima =
      zoneId === undefined ? [...this.#maxInFlight.values()] : [this.#maxInFlight.get(zoneId) ?? 0]
    return {
      reads: count(({ action }) => action !== 'ChangeResourceRecordSets'),
      writes: count(({ action }) => action === 'ChangeResourceRecordSets'),
      throttled: count(({ outcome }) => outcome === 'Throttling'),
      priorRequestNotComplete: count(({ outcome }) => outcome === 'PriorRequestNotComplete'),
      maxChangesInFlight: Math.max(0, ...maxima),
    }
  }

  /** Forgets all calls and maxima; changes in flight go on. */
  clear(): void {
    this.calls.length = 0
    this.#maxInFlight.clear()
  }
}
