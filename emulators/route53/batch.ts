import { invalidChangeBatch } from './errors.js'
import type { Change } from './records.js'
import { refusal } from './refusal.js'
import { RecordTable } from './table.js'

/** What a batch is judged by: the zone as it is now. `protections` maps `TYPE name` to the protection's comment. */
export interface BatchTarget {
  name: string
  table: RecordTable
  protections: ReadonlyMap<string, string>
}

/**
 * The zone's records after the batch; the zone itself is not changed. Changes count one after the other, as in the
 * real service (a DELETE makes room for a later CREATE, not the other way round). Throws InvalidChangeBatch with
 * every complaint when a single one is not acceptable.
 */
export function applyBatch(zone: BatchTarget, changes: readonly Change[]): RecordTable {
  const draft = new RecordTable(zone.table)
  const complaints = [...overLimits(changes), ...duplicates(changes)]
  if (complaints.length > 0) throw invalidChangeBatch(complaints)
  for (const change of changes) {
    const complaint = refusal(zone, draft, change)
    if (complaint !== undefined) complaints.push(complaint)
    else if (change.action === 'DELETE') draft.remove(change.recordSet)
    else draft.put(change.recordSet)
  }
  if (complaints.length > 0) throw invalidChangeBatch(complaints)
  return draft
}

/** Developer Guide, Quotas: 1,000 ResourceRecord elements and 32,000 value characters, an UPSERT counting twice. */
function overLimits(changes: readonly Change[]): string[] {
  let records = 0
  let characters = 0
  for (const { action, recordSet } of changes) {
    const weight = action === 'UPSERT' ? 2 : 1
    records += weight * recordSet.values.length
    characters += weight * recordSet.values.join('').length
  }
  const complaints: string[] = []
  if (records > 1000) complaints.push('Number of records limit of 1000 exceeded.')
  if (characters > 32_000) complaints.push('RDATA character limit of 32000 exceeded.')
  return complaints
}

/** Only one pair of changes to the same record set is allowed: a DELETE and then a CREATE. */
function duplicates(changes: readonly Change[]): string[] {
  const byKey = new Map<string, Change[]>()
  for (const change of changes) {
    const { name, type, setIdentifier } = change.recordSet
    const key = JSON.stringify([name, type, setIdentifier])
    byKey.set(key, [...(byKey.get(key) ?? []), change])
  }
  return [...byKey.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return []
    if (first.action === 'DELETE' && others.length === 1 && others[0]?.action === 'CREATE') return []
    const { name, type } = first.recordSet
    return [`The request contains an invalid set of changes for a resource record set '${type} ${name}'`]
  })
}
