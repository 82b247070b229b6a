import { normalizeName, recordOrder, reverseLabels } from '../../emulators/route53/names.js'
import type { Cursor, RecordSet } from '../../src/route53/api.js'
import type { ReadPage } from '../../src/route53/list-records.js'

/** A record set and where it stands among those of its name and type. */
export interface ListedSet extends RecordSet {
  readonly setIdentifier?: string
}

/** A zone that is read page by page. */
export interface PagedZone {
  readonly readPage: ReadPage
  /** Every read so far. */
  readonly reads: { start: Cursor; maxItems: number }[]
  /** The record sets at a name, in the zone's order. */
  at(name: string): RecordSet[]
}

/** The order that ListResourceRecordSets documents: reversed labels, each with its dot. */
export const documentedOrder = (name: string) => recordOrder(normalizeName(name))

/** The same with `*` as it is written, `\052`: it then stands behind digits and before letters. */
export const orderAsWritten = (name: string) => reverseLabels(normalizeName(name))

/** Another order, label by label: `a.b` stands before `a-b`. */
export const orderByLabels = (name: string) => `${name.split('.').reverse().join('\u0001')}\u0001`

/** A zone sorted by `orderOf`, in pages of at most `pageSize` record sets. */
export function createPagedZone(
  sets: readonly ListedSet[],
  pageSize = 300,
  orderOf: (name: string) => string = documentedOrder,
): PagedZone {
  // A space sorts before all that a name, a type or an identifier may hold: the shorter comes first.
  const placeOf = ({ name, type = '', setIdentifier = '' }: Cursor) =>
    `${orderOf(name)} ${type} ${setIdentifier}`
  const sorted = sets
    .map(({ setIdentifier, ...set }) => {
      const cursor = { name: set.name, type: set.type, ...(setIdentifier !== undefined && { setIdentifier }) }
      return { set, cursor, place: placeOf(cursor) }
    })
    .sort((a, b) => (a.place < b.place ? -1 : 1))
  const reads: PagedZone['reads'] = []
  return {
    reads,
    at: (name) => sorted.filter(({ set }) => set.name === name).map(({ set }) => set),
    async readPage(start, maxItems) {
      reads.push({ start, maxItems })
      const place = placeOf(start)
      const from = sorted.findIndex((listed) => listed.place >= place)
      if (from < 0) return { recordSets: [] }
      const to = from + Math.min(pageSize, maxItems)
      const recordSets = sorted.slice(from, to).map(({ set }) => set)
      const next = sorted[to]?.cursor
      return next ? { recordSets, next } : { recordSets }
    },
  }
}
