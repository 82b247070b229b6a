import { normalizeName, recordOrder } from './names.js'
import { type RecordKey, type RecordSet, sameKey } from './records.js'

/** Where a listing starts: `type` counts only at `name` itself, `identifier` only at that type. */
export interface ListStart {
  name?: string | undefined
  type?: string | undefined
  identifier?: string | undefined
}

/** A page of record sets and the first of the next page (undefined: this was the last). */
export interface RecordSetsPage {
  recordSets: RecordSet[]
  next?: RecordSet | undefined
}

/** The record sets of one zone in Route 53's order. Names are in the stored form throughout. */
export class RecordTable {
  #byName: Map<string, readonly RecordSet[]>
  /** Names in listing order; undefined after a name has come or gone. */
  #order: { name: string; order: string }[] | undefined

  constructor(other?: RecordTable) {
    this.#byName = new Map(other ? other.#byName : [])
    this.#order = other ? other.#order : []
  }

  /** All record sets of a name; empty when there are none. */
  at(name: string): readonly RecordSet[] {
    return this.#byName.get(name) ?? []
  }

  /** The record set with this key. */
  find(key: RecordKey): RecordSet | undefined {
    return this.at(key.name).find((recordSet) => sameKey(recordSet, key))
  }

  /** Adds the record set, in place of one with the same key. */
  put(recordSet: RecordSet): void {
    const others = this.at(recordSet.name).filter((other) => !sameKey(other, recordSet))
    this.#set(recordSet.name, [...others, recordSet].sort(byTypeThenIdentifier))
  }

  /** Removes the record set with this key, if there is one. */
  remove(key: RecordKey): void {
    this.#set(
      key.name,
      this.at(key.name).filter((recordSet) => !sameKey(recordSet, key)),
    )
  }

  /** How many record sets there are. */
  get size(): number {
    return [...this.#byName.values()].reduce((sum, recordSets) => sum + recordSets.length, 0)
  }

  /** Up to `maxItems` record sets from `start` on: reversed labels, then type, then identifier. */
  page(start: ListStart, maxItems: number): RecordSetsPage {
    const from = start.name === undefined ? '' : recordOrder(normalizeName(start.name))
    const recordSets: RecordSet[] = []
    const names = this.#names()
    for (let index = firstAtOrAfter(names, from); index < names.length; index++) {
      const { name, order } = names[index] as { name: string; order: string }
      for (const recordSet of this.at(name)) {
        if (order === from && byTypeThenIdentifier(recordSet, startKey(start)) < 0) continue
        if (recordSets.length === maxItems) return { recordSets, next: recordSet }
        recordSets.push(recordSet)
      }
    }
    return { recordSets }
  }

  #set(name: string, recordSets: readonly RecordSet[]): void {
    if (recordSets.length > 0 !== this.#byName.has(name)) this.#order = undefined
    if (recordSets.length > 0) this.#byName.set(name, recordSets)
    else this.#byName.delete(name)
  }

  #names(): { name: string; order: string }[] {
    this.#order ??= [...this.#byName.keys()]
      .map((name) => ({ name, order: recordOrder(name) }))
      .sort((a, b) => compare(a.order, b.order))
    return this.#order
  }
}

/** The index of the first name that does not come before `from`. */
function firstAtOrAfter(names: readonly { order: string }[], from: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((names[middle]?.order ?? '') < from) low = middle + 1
    else high = middle
  }
  return low
}

type TypeAndIdentifier = Pick<RecordSet, 'type' | 'setIdentifier'>

function startKey({ type = '', identifier }: ListStart): TypeAndIdentifier {
  return { type, setIdentifier: identifier }
}

function byTypeThenIdentifier(a: TypeAndIdentifier, b: TypeAndIdentifier): number {
  return compare(a.type, b.type) || compare(a.setIdentifier ?? '', b.setIdentifier ?? '')
}

/** ASCII order, as `sort` wants it. */
export function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
