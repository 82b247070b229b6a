import type { Change } from './records.js'

/** A token bucket: holds up to `burst` tokens and gets `perSecond` new ones. */
export interface Bucket {
  burst: number
  perSecond: number
}

/** The account's two limits; one left out does not limit. */
export interface Quotas {
  /** One token for each call, whatever its action. */
  requests?: Bucket
  /** `changeUnits` tokens for each ChangeResourceRecordSets. */
  changes?: Bucket
}

/**
 * The default quotas of an account since 30 July 2026. `requests` is from the Developer Guide (Throttling for Amazon
 * Route 53 API requests); `changes` only from the source of ncode/dans, which verified it on 6 October 2026.
 */
export const documentedQuotas: Required<Quotas> = {
  requests: { burst: 50, perSecond: 10 },
  changes: { burst: 1500, perSecond: 100 },
}

/** What a batch costs of the change quota: 2 for each UPSERT, 1 for each CREATE or DELETE. */
export function changeUnits(changes: readonly Change[]): number {
  return changes.reduce((sum, { action }) => sum + (action === 'UPSERT' ? 2 : 1), 0)
}

/** A token bucket in use. */
export interface Meter {
  /** Takes `cost` tokens, or none at all when there are too few; says whether it took them. */
  take(cost: number): boolean
}

/** A full bucket on the clock `now` (ms); without a bucket there is always enough. */
export function createMeter(bucket: Bucket | undefined, now: () => number): Meter {
  if (!bucket) return { take: () => true }
  const { burst, perSecond } = bucket
  let tokens = burst
  let filledAtMs = now()
  return {
    take(cost) {
      const atMs = now()
      tokens = Math.min(burst, tokens + ((atMs - filledAtMs) * perSecond) / 1000)
      filledAtMs = atMs
      if (tokens < cost) return false
      tokens -= cost
      return true
    },
  }
}
