import type { RecordSet } from './record.js'
import type { Cursor, Page } from './route53.js'

/** Reads one page of a zone, from `start` on. */
export type ReadPage = (start: Cursor, maxItems: number) => Promise<Page>

/**
 * Reads what the zone holds at each name in `needed`, walking only the pages where such names lie. Calls `settle`
 * once for each of them, and also for those in `alsoWanted` that a page happened to cover. Throws what `readPage`
 * throws; names already settled stay settled.
 */
export async function walkRecordSets(
  readPage: ReadPage,
  needed: ReadonlySet<string>,
  alsoWanted: Iterable<string>,
  settle: (name: string, recordSets: readonly RecordSet[]) => void,
): Promise<void> {
  const names = inRoute53Order(new Set([...needed, ...alsoWanted]))
  const maxItems = needed.size === 1 ? 20 : 300
  let next: Cursor | undefined
  let partial: readonly RecordSet[] = []
  for (let at = 0; ; ) {
    while (at < names.length && !needed.has(names[at]?.name ?? '')) at++
    const target = names[at]
    if (!target) return
    const goesOn = next?.name === target.name
    const page = await readPage(goesOn && next ? next : { name: target.name }, maxItems)
    const recordSets = goesOn ? [...partial, ...page.recordSets] : page.recordSets
    const byName = groupByName(recordSets)
    next = page.next
    partial = next ? (byName.get(next.name) ?? []) : []
    if (next?.name === target.name) continue

    // All names before the next page are known now, absent ones included — as long as the order is the one we know.
    const end = next && isInOrder(recordSets, next) ? orderKey(next.name) : undefined
    do {
      const { name } = names[at] ?? target
      settle(name, byName.get(name) ?? [])
      at++
    } while (at < names.length && isCovered(names[at]?.key, end, next))
  }
}

function groupByName(recordSets: readonly RecordSet[]): Map<string, RecordSet[]> {
  const groups = new Map<string, RecordSet[]>()
  for (const set of recordSets) {
    const group = groups.get(set.name)
    if (group) group.push(set)
    else groups.set(set.name, [set])
  }
  return groups
}

interface OrderedName {
  readonly name: string
  readonly key: string
}

function isCovered(key: string | undefined, end: string | undefined, next: Cursor | undefined): boolean {
  if (!next) return true
  return key !== undefined && end !== undefined && key < end
}

function inRoute53Order(names: Iterable<string>): OrderedName[] {
  return [...names]
    .map((name) => ({ name, key: orderKey(name) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

/** Route 53 sorts by the labels in reverse, each with its dot (`com.example.www.`), as ListResourceRecordSets says. */
function orderKey(name: string): string {
  return `${name.split('.').reverse().join('.')}.`
}

function isInOrder(recordSets: readonly RecordSet[], next: Cursor): boolean {
  const keys = [...recordSets.map((set) => set.name), next.name].map(orderKey)
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key)
}
