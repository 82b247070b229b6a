/** The first `most` of these names for a person, and how many more there are; empty for none. */
export function firstFew(names: readonly string[], most = 5): string {
  const more = names.length - most
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** A number of things in words: `1 host`, `2 hosts`. */
export function count(number: number, thing: string): string {
  return number === 1 ? `1 ${thing}` : `${number} ${thing}s`
}

/** The lines of a list that may be long: all, or else the first `longest` and one that says how many more there are. */
export function firstLines(lines: readonly string[], longest = 20): string[] {
  if (lines.length <= longest) return [...lines]
  return [...lines.slice(0, longest), `… and ${lines.length - longest} more`]
}

/** A text of others as part of a line: it must not command the terminal. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}
