import type { Clock } from '../net/clock.js'

/** A value that this service set, or was asked to set, and that nobody has cleaned up yet. */
export interface LedgerEntry {
  readonly value: string
  /** When it was asked for last, by the ledger's clock. */
  readonly askedMs: number
  /** Whether its client has no clean-up call, so that newer values replace it. */
  readonly isRolling: boolean
  /** Whether Route 53 accepted it. */
  readonly isWritten: boolean
}

/** Which values at which names are this service's own. What it does not know is somebody else's. */
export interface ChallengeLedger {
  /** Notes a value that is asked for; one that is known becomes the newest. Returns whether it was not known. */
  note(name: string, value: string, isRolling: boolean): boolean
  /** Route 53 has accepted it. */
  confirm(name: string, value: string): void
  forget(name: string, value: string): void
  /** The values of a name, oldest first. */
  entriesOf(name: string): readonly LedgerEntry[]
  /** The names with values that were last asked for `ageMs` ago or earlier, and those values. */
  olderThan(ageMs: number): ReadonlyMap<string, readonly string[]>
}

/** Bounds of a ledger. */
export interface LedgerLimits {
  /** Written values of a name, and as many that are not known to be. The oldest goes: a set holds no more. */
  readonly valuesPerName: number
  /** The name that was asked for longest ago goes, and its values are somebody else's from then on. */
  readonly names: number
}

/** An empty ledger in memory: it ends with the process. */
export function createChallengeLedger({ valuesPerName, names }: LedgerLimits, clock: Clock): ChallengeLedger {
  // Owned here; both in the order of the last asking, so that the first is the oldest.
  const entries = new Map<string, readonly LedgerEntry[]>()

  const entriesOf = (name: string) => entries.get(name) ?? []

  function put(name: string, list: readonly LedgerEntry[]): void {
    const excess = (isWritten: boolean) =>
      list.filter((entry) => entry.isWritten === isWritten).slice(0, -valuesPerName)
    const tooMany = new Set([...excess(true), ...excess(false)])
    const kept = list.filter((entry) => !tooMany.has(entry))
    if (kept.length > 0) entries.set(name, kept)
    else entries.delete(name)
  }

  const without = (name: string, value: string) => entriesOf(name).filter((entry) => entry.value !== value)

  return {
    note(name, value, isRolling) {
      const known = entriesOf(name).find((entry) => entry.value === value)
      const entry = { value, askedMs: clock.now(), isRolling, isWritten: known?.isWritten ?? false }
      const list = [...without(name, value), entry]
      entries.delete(name)
      put(name, list)
      const [oldest] = entries.keys()
      if (entries.size > names && oldest !== undefined) entries.delete(oldest)
      return known === undefined
    },
    confirm(name, value) {
      put(
        name,
        entriesOf(name).map((entry) => (entry.value === value ? { ...entry, isWritten: true } : entry)),
      )
    },
    forget: (name, value) => put(name, without(name, value)),
    entriesOf,
    olderThan(ageMs) {
      const old = (name: string) => entriesOf(name).filter(({ askedMs }) => askedMs <= clock.now() - ageMs)
      return new Map(
        [...entries.keys()].flatMap((name) => {
          const values = old(name).map(({ value }) => value)
          return values.length > 0 ? [[name, values] as const] : []
        }),
      )
    },
  }
}
