import type { Zone } from '../route53/api.js'
import { walkRecordSets } from '../route53/list-records.js'
import { spend } from '../route53/rate-limit.js'
import type { Sighting } from './record-cache.js'
import { keyOf, type PendingRecord } from './record-queue.js'
import type { WriterContext } from './writer-context.js'

/** Sightings by record key. */
export type Sightings = ReadonlyMap<string, Sighting>

/** Those of a batch that were made lately and need no read. */
export function rememberedSightings(
  batch: ReadonlyMap<string, PendingRecord>,
  { seen }: WriterContext,
): Sightings {
  const remembered = new Map<string, Sighting>()
  for (const key of batch.keys()) {
    const sighting = seen.get(key)
    if (sighting) remembered.set(key, sighting)
  }
  return remembered
}

/**
 * Reads what Route 53 holds for those of the batch that are not remembered. What a page tells of the `waiting` records
 * is remembered for later. Throws what the SDK throws.
 */
export async function readSightings(
  zone: Zone,
  batch: ReadonlyMap<string, PendingRecord>,
  remembered: Sightings,
  waiting: Iterable<PendingRecord>,
  { route53, requests, seen }: WriterContext,
): Promise<Sightings> {
  const sightings = new Map<string, Sighting>()
  const needed = new Set<string>()
  for (const [key, { desired }] of batch) if (!remembered.has(key)) needed.add(desired.name)
  if (needed.size === 0) return sightings
  const unseen = [...waiting].map(({ desired }) => desired).filter((desired) => !seen.get(keyOf(desired)))
  const wanted = new Set([...batch.keys(), ...unseen.map(keyOf)])
  await walkRecordSets(
    (start, maxItems) => spend(requests, 1, () => route53.listRecordSets(zone.id, start, maxItems)),
    needed,
    unseen.map((desired) => desired.name),
    (name, recordSets) => {
      for (const type of ['A', 'AAAA']) {
        const key = keyOf({ name, type })
        if (!wanted.has(key)) continue
        const sighting = { recordSets: recordSets.filter((set) => set.type === type || set.type === 'CNAME') }
        sightings.set(key, sighting)
        seen.put(key, sighting)
      }
    },
  )
  return sightings
}
