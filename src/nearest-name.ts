/** The one of `names` that `text` may have been meant for: at most every third character differs; undefined for none. */
export function nearestName(text: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined
  let least = text.length / 3
  for (const name of names) {
    const distance = editDistance(text, name)
    if (distance > least || (distance === least && nearest !== undefined)) continue
    least = distance
    nearest = name
  }
  return nearest
}

/** How many characters must be put in, taken out or replaced to get from one text to the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
