import type { DesiredRecord, Target, UpdateOutcome } from '../registrar/record.js'
import type { RecordType } from '../route53/api.js'
import type { Ask } from '../store/wanted-rows.js'

/** A value of a set of values, as it is kept. */
interface ValueTarget {
  readonly kind: 'value'
  readonly isWanted: boolean
  readonly droppable: readonly string[]
}

/** What stands for a row among all of them. */
export function rowKey({ name, type, item }: Ask): string {
  return `${name} ${type} ${item}`
}

/** The rows of a desired record: one, but of a set of values one for each value, so that edits of several callers add up. */
export function asksOf({ name, type, target, ttlSeconds }: DesiredRecord): Ask[] {
  if (target.kind !== 'values') return [{ name, type, item: '', target, ttlSeconds }]
  const { wanted, droppable } = target.edits
  return [...wanted].map(([item, isWanted]) => {
    const value: ValueTarget = { kind: 'value', isWanted, droppable }
    return { name, type, item, target: value, ttlSeconds }
  })
}

const kinds: ReadonlySet<unknown> = new Set<(Target | ValueTarget)['kind']>([
  'address',
  'prefix',
  'absent',
  'value',
])

/** Whether this version knows what is asked for: a newer one may run beside it, and anybody in the database can notify. */
export function isKnown({ target }: Ask): boolean {
  return kinds.has((target as { kind?: unknown } | undefined)?.kind)
}

/** The desired record of a row; what this code wrote is read back as it was. */
export function desiredOf({ name, type, item, target, ttlSeconds }: Ask): DesiredRecord {
  return {
    name,
    type: type as RecordType,
    target: targetOf(item, target as Target | ValueTarget),
    ttlSeconds,
  }
}

function targetOf(item: string, target: Target | ValueTarget): Target {
  if (target.kind !== 'value') return target
  const { isWanted, droppable } = target
  return { kind: 'values', edits: { wanted: new Map([[item, isWanted]]), droppable } }
}

const order: readonly UpdateOutcome['kind'][] = ['unavailable', 'refused', 'good', 'nochg']

/** What is true of a record whose rows have these outcomes, at least one: the first of refusals, or success. */
export function combine(outcomes: readonly UpdateOutcome[]): UpdateOutcome {
  const [worst] = [...outcomes].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  if (!worst) throw new Error('a record without rows has no outcome')
  return worst
}
