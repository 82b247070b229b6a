import type { RecordChange } from '../route53/api.js'
import type { TokenBucket } from '../route53/rate-limit.js'
import type { PendingRecord } from './record-queue.js'

/** A record that waits, and the change that it needs. */
export interface PlannedChange {
  readonly record: PendingRecord
  readonly change: RecordChange
}

/** Route 53's limits of one change batch: 1,000 records and 32,000 value characters, each UPSERT counted twice. */
const maxRecords = 1000 / 2
const maxCharacters = 32_000 / 2

/**
 * The first of `planned`, at least one, that one batch may hold and the quota affords: what the bucket has now, or else
 * what it gains in a second, so that under a long queue a zone makes one write a second and not one for each token.
 */
export function takeAffordable(planned: readonly PlannedChange[], changes: TokenBucket): PlannedChange[] {
  const { burst, perSecond } = changes.quota
  const tokens = Math.min(burst, Math.max(changes.available(), perSecond))
  const limit = Math.max(1, Math.min(maxRecords, Math.floor(tokens / 2)))
  const batch: PlannedChange[] = []
  let characters = 0
  for (const item of planned.slice(0, limit)) {
    characters += item.change.value.length
    if (characters > maxCharacters) break
    batch.push(item)
  }
  return batch
}

/**
 * Splits a rejected batch in two, the more innocent part last. Route 53's sentence names the records it objects to, and
 * is only believed as a hint where to cut: each part is judged by its own answer. Without a hint, the halves.
 */
export function splitRejected(batch: readonly PlannedChange[], message: string): PlannedChange[][] {
  const named = batch.filter(({ change }) => message.includes(change.name))
  if (named.length > 0 && named.length < batch.length) {
    return [named, batch.filter((item) => !named.includes(item))]
  }
  const half = Math.ceil(batch.length / 2)
  return [batch.slice(0, half), batch.slice(half)]
}
