/** Edits of a set of values, as Route 53 spells them (a TXT value in double quotes); other values of the set stay. */
export interface ValueEdits {
  /** Whether each of these values shall be in the set, by value; in the order in which they were asked for. */
  readonly wanted: ReadonlyMap<string, boolean>
  /** Values that this service wrote, oldest first: where the set is full, they make room. Nobody else's ever do. */
  readonly droppable: readonly string[]
}

/** The most values that a set is brought to. */
export const maxValues = 8

/** The set after the edits, in its order and the new values behind it; undefined where it is full of others' values. */
export function applyEdits(
  before: readonly string[],
  { wanted, droppable }: ValueEdits,
): string[] | undefined {
  const kept = before.filter((value) => wanted.get(value) !== false)
  const added = [...wanted].flatMap(([value, isWanted]) =>
    isWanted && !before.includes(value) ? [value] : [],
  )
  if (added.length === 0) return kept
  const values = [...kept, ...added]
  const room = droppable.filter((value) => kept.includes(value) && !wanted.get(value))
  const dropped = new Set(room.slice(0, Math.max(0, values.length - maxValues)))
  const fitting = values.filter((value) => !dropped.has(value))
  return fitting.length > maxValues ? undefined : fitting
}

/** The edits as text: equal for equal edits. */
export function describeEdits({ wanted }: ValueEdits): string {
  return [...wanted]
    .map(([value, isWanted]) => `${isWanted ? 'with' : 'without'} ${value}`)
    .sort()
    .join(', ')
}

/** Whether every edit of `asked` is among `edits`. */
export function coversEdits(edits: ValueEdits, asked: ValueEdits): boolean {
  return [...asked.wanted].every(([value, isWanted]) => edits.wanted.get(value) === isWanted)
}

/**
 * Both edits; where they contradict each other, the newer counts. Of values to have and of values to remove only the newest
 * `maxValues` of each stay: more would not fit, and the edits that wait for Route 53 are bounded.
 */
export function supersedeEdits(older: ValueEdits, newer: ValueEdits): ValueEdits {
  const kept = [...older.wanted].filter(([value]) => !newer.wanted.has(value))
  const all = [...kept, ...newer.wanted]
  const newestOf = (isWanted: boolean) => all.filter(([, each]) => each === isWanted).slice(-maxValues)
  return { wanted: new Map([...newestOf(false), ...newestOf(true)]), droppable: newer.droppable }
}
