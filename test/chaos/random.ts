/** Numbers that a seed decides. */
export interface Random {
  /** From 0 up to 1. */
  next(): number
  /** A number from `least` up to `most`. */
  between(least: number, most: number): number
  /** One of the items, at least one. */
  pick<Item>(items: readonly Item[]): Item
}

/** The same numbers for the same seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
  }
}
