import type { Logger } from 'pino'
import { namesBetween } from '../net/hostname.js'
import type { RecordSet, RecordType, Route53, Zone } from '../route53/api.js'
import { faultOf } from '../route53/errors.js'
import type { HostedZones } from '../route53/hosted-zones.js'
import { walkRecordSets } from '../route53/list-records.js'
import { spend, type TokenBucket } from '../route53/rate-limit.js'
import { type HeldRecords, recordKey } from './record.js'
import type { RecordCache } from './record-cache.js'

/** What a look at a name found. */
export type Look =
  | { readonly kind: 'held'; readonly A: HeldRecords; readonly AAAA: HeldRecords }
  /** No zone can hold it; `reason` says what to do. */
  | { readonly kind: 'none'; readonly reason: string }
  /** Not known just now. */
  | { readonly kind: 'unknown'; readonly reason: string }

/** What a look works with. */
export interface LookOptions {
  readonly route53: Route53
  readonly requests: TokenBucket
  readonly zones: HostedZones
  /** What was seen in a zone lately. */
  readonly cacheOf: (zone: Zone) => RecordCache | undefined
  readonly log: Logger
}

/**
 * What Route 53 holds at a name, for a person to see: what is remembered, or else read. Half of the bucket is left to
 * registrations, and a look never waits for it. Nothing of it is remembered: a write may have overtaken it. A
 * failed call is in the log; its message may name the owner's AWS user.
 */
export async function look(
  name: string,
  { route53, requests, zones, cacheOf, log }: LookOptions,
): Promise<Look> {
  const mayCall = () => requests.available() >= requests.quota.burst / 2
  const busy: Look = {
    kind: 'unknown',
    reason: 'the calls to Route 53 are needed for registrations just now',
  }
  try {
    if (zones.find(name).kind === 'unknown') {
      if (!mayCall()) return busy
      await zones.refresh()
    }
    const found = zones.find(name)
    if (found.kind === 'none') return found
    if (found.kind === 'unknown') return { kind: 'unknown', reason: 'the hosted zone has just been deleted' }
    const { zone } = found
    const remembered = (type: string) => cacheOf(zone)?.get(recordKey({ name, type }))
    const [A, AAAA] = [remembered('A'), remembered('AAAA')]
    if (A && AAAA) return { kind: 'held', A, AAAA }
    if (!mayCall()) return busy
    return { kind: 'held', ...(await read(name, zone)) }
  } catch (error) {
    const { kind, message } = faultOf(error)
    log.warn({ host: name, fault: kind, reason: message }, 'Route 53 could not be looked at for a page')
    return { kind: 'unknown', reason: 'Route 53 could not be asked just now' }
  }

  async function read(name: string, zone: Zone): Promise<{ A: HeldRecords; AAAA: HeldRecords }> {
    const names = [name, ...namesBetween(name, zone.name)]
    const found = new Map<string, readonly RecordSet[]>()
    await walkRecordSets(
      (start, maxItems) => spend(requests, 1, () => route53.listRecordSets(zone.id, start, maxItems)),
      new Set(names),
      [],
      (at, recordSets) => found.set(at, recordSets),
    )
    const isCut = (at: string) => at !== zone.name && found.get(at)?.some(({ type }) => type === 'NS')
    const delegatedAt = names.find(isCut)
    const held = (type: RecordType) => {
      const ofType = (found.get(name) ?? []).filter((set) => set.type === type || set.type === 'CNAME')
      return { recordSets: ofType, delegatedAt }
    }
    return { A: held('A'), AAAA: held('AAAA') }
  }
}
