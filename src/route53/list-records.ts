import { addTo } from '../multimap.js'
import type { Cursor, Page, RecordSet } from './api.js'

/** Reads one page of a zone, from `start` on. */
export type ReadPage = (start: Cursor, maxItems: number) => Promise<Page>

/** At most this many walks run at once. */
const maxParts = 4
/** Each of them is over at least this many names, where there are more walks than one. */
const leastPart = 125

/**
 * Reads what the zone holds at each name in `needed`, walking only the pages where such names lie. Calls `settle` for
 * each of them, and also for those in `alsoWanted` that a page happened to cover. Throws what `readPage` throws, when
 * nothing is being read any more; names already settled stay settled.
 */
export async function walkRecordSets(
  readPage: ReadPage,
  needed: ReadonlySet<string>,
  alsoWanted: Iterable<string>,
  settle: (name: string, recordSets: readonly RecordSet[]) => void,
): Promise<void> {
  const bystanders = [...new Set(alsoWanted)].filter((name) => !needed.has(name)).map(place)
  const places = [...needed].map(place).sort(byFirstKey)
  const length = Math.max(leastPart, Math.ceil(places.length / maxParts))
  const walks: Promise<void>[] = []
  for (let start = 0; start < places.length; start += length) {
    walks.push(walkPart(readPage, places.slice(start, start + length), bystanders, settle))
  }
  const failed = (await Promise.allSettled(walks)).find((walk) => walk.status === 'rejected')
  if (failed) throw failed.reason
}

/** Walks from the first of the names in `targets`, which are in order, to the last. */
async function walkPart(
  readPage: ReadPage,
  targets: readonly Place[],
  bystanders: readonly Place[],
  settle: (name: string, recordSets: readonly RecordSet[]) => void,
): Promise<void> {
  const maxItems = targets.length === 1 ? 20 : 300
  const unsettled = new Set([...targets, ...bystanders])
  let next: Cursor | undefined
  let partial: readonly RecordSet[] = []
  for (const target of targets) {
    while (unsettled.has(target)) {
      const goesOn = next?.name === target.name
      const page = await readPage(goesOn && next ? next : { name: target.name }, maxItems)
      const byName = groupByName(goesOn ? [...partial, ...page.recordSets] : page.recordSets)
      next = page.next
      partial = next ? (byName.get(next.name) ?? []) : []
      if (next?.name === target.name) continue

      const end = next && place(next.name)
      for (const known of unsettled) {
        if (known !== target && !isBetween(target, known, end)) continue
        settle(known.name, byName.get(known.name) ?? [])
        unsettled.delete(known)
      }
    }
  }
}

/** A name and where it stands in the zone's list, by every order that Route 53 may mean. */
interface Place {
  readonly name: string
  readonly keys: readonly string[]
}

/**
 * ListResourceRecordSets sorts by the labels in reverse, each with its dot (`com.example.www.`). Its documentation leaves
 * open whether a `-`, which sorts before the dot, counts inside a label, and whether `*` sorts as itself or as `\052`:
 * a name counts as absent from a page only where all these orders agree that it would have been on it.
 */
function place(name: string): Place {
  const spellings = name.startsWith('*') ? [name, name.replace('*', '\\052')] : [name]
  const keys = spellings.flatMap((spelling) => {
    const labels = spelling.split('.').reverse()
    return [`${labels.join('.')}.`, `${labels.join('\0')}\0`]
  })
  return { name, keys: keys.length === 4 ? keys : [...keys, ...keys] }
}

function isBetween(start: Place, known: Place, end: Place | undefined): boolean {
  return known.keys.every((key, order) => {
    return (start.keys[order] ?? '') <= key && (!end || key < (end.keys[order] ?? ''))
  })
}

function byFirstKey(a: Place, b: Place): number {
  const [first = ''] = a.keys
  const [second = ''] = b.keys
  return first < second ? -1 : first > second ? 1 : 0
}

function groupByName(recordSets: readonly RecordSet[]): Map<string, RecordSet[]> {
  const groups = new Map<string, RecordSet[]>()
  for (const set of recordSets) addTo(groups, set.name, set)
  return groups
}
