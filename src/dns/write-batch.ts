import type { PendingRecord } from './record-queue.js'
import type { TokenBucket } from './token-bucket.js'

/** Route 53's limits of one change batch: 1,000 records and 32,000 value characters, each UPSERT counted twice. */
const maxRecords = 1000 / 2
const maxCharacters = 32_000 / 2

/**
 * The first of `records`, at least one, that one batch may hold and the quota affords: what the bucket has now, or
 * else what it gains in a second, so that under a long queue a zone makes one write a second and not one for each token.
 */
export function takeAffordable(records: readonly PendingRecord[], changes: TokenBucket): PendingRecord[] {
  const { burst, perSecond } = changes.quota
  const tokens = Math.min(burst, Math.max(changes.available(), perSecond))
  const limit = Math.max(1, Math.min(maxRecords, Math.floor(tokens / 2)))
  const batch: PendingRecord[] = []
  let characters = 0
  for (const record of records.slice(0, limit)) {
    characters += record.desired.address.length
    if (characters > maxCharacters) break
    batch.push(record)
  }
  return batch
}

/**
 * Splits a rejected batch in two, the more innocent part last. Route 53's sentence names the records it objects to, and
 * is only believed as a hint where to cut: each part is judged by its own answer. Without a hint, the halves.
 */
export function splitRejected(batch: readonly PendingRecord[], message: string): PendingRecord[][] {
  const named = batch.filter(({ desired }) => message.includes(desired.name))
  if (named.length > 0 && named.length < batch.length) {
    return [named, batch.filter((record) => !named.includes(record))]
  }
  const half = Math.ceil(batch.length / 2)
  return [batch.slice(0, half), batch.slice(half)]
}
