import type { TokenCell } from './token.js'

/** Characters that nobody types into a token on purpose, by what they are called; the code stands behind the name. */
const oddCharacters: readonly (readonly [characters: RegExp, name: string])[] = [
  [/[\u200b-\u200d\u2060\ufeff\u180e]/, 'a character without width'],
  [/\u00ad/, 'a soft hyphen'],
  [/[\u2010-\u2015\u2212\ufe58\ufe63]/, "a word processor's dash"],
  [/[\u2018-\u201f\u2032-\u2036\u2039\u203a\u00ab\u00bb\u00b4]/, "a word processor's quote"],
  [/\u2026/, 'three dots in one character'],
  [/\u3000/, 'an ideographic space'],
  [/[\u00a0\u1680\u2000-\u200a\u202f\u205f]/, 'a space that is not the usual one'],
  [/[\uff01-\uff5e]/, 'a full-width character'],
  [/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/, 'a mark of the direction of writing'],
  [/[\ufe00-\ufe0f]/, 'a variation selector'],
  // What Windows calls quotes and dashes is one of these where it was read as Latin-1.
  [/\p{Cc}/u, 'a control character'],
]

const anyOdd = new RegExp(oddCharacters.map(([{ source }]) => source).join('|'), 'u')

/** Cells that are written as a digest is by other programs: `$2b$…`, `{SHA}…`, `md5:…`, `SHA-256=…`. */
const otherDigest =
  /^(?:\$(?:1|2[abxy]?|5|6|7|y|apr1|argon2\w*|scrypt|pbkdf2[\w-]*)\$|\{(?:s?sha\d*|s?md5|crypt)\}|(?:md[45]|sha-?\d{0,3}(?:[-_]\d{3})?|blake2[bs]?|bcrypt|argon2\w*)[:=$])/i

/** What a spreadsheet shows of a long number, and of a text that begins as a formula does: `1.23457E+18`, `#NAME?`. */
const spreadsheetTraces = /^(?:\d(?:[.,]\d+)?E\+\d+|#(?:NAME\?|VALUE!|REF!|NUM!|N\/A|DIV\/0!|NULL!))$/

/**
 * What of a token nobody types on purpose, such as `has a soft hyphen (U+00AD) as character 5 of 24`: the login will hardly
 * be the same. Undefined for a token that anybody can type, and for a digest.
 */
export function describeOddity(cell: TokenCell): string | undefined {
  if (cell.kind === 'hashed') return undefined
  const { token } = cell
  if (otherDigest.test(token)) {
    return 'looks like a digest of another kind, and counts as the token itself: a digest is sha256: and 64 hex digits'
  }
  if (spreadsheetTraces.test(token)) {
    return 'looks like what a spreadsheet made of a token that looked like a number or a formula: dyndns53 rotate-token makes another'
  }
  if (token.startsWith(' ') || token.endsWith(' ')) {
    return 'begins or ends with a blank, which counts: type it anew without, or dyndns53 rotate-token makes another'
  }
  // Most tokens, and quickly told.
  if (/^[ -~]*$/.test(token)) return undefined
  return describeCharacter(token) ?? describeParts(token)
}

function describeCharacter(token: string): string | undefined {
  const found = anyOdd.exec(token)
  if (!found) return undefined
  const [character] = found
  const name = oddCharacters.find(([characters]) => characters.test(character))?.[1]
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const place = [...token.slice(0, found.index)].length + 1
  return `has ${name} (U+${code}) as character ${place} of ${[...token].length}: type it anew, or dyndns53 rotate-token makes another`
}

/** macOS takes letters and their accents apart, and a router sends them in one. */
function describeParts(token: string): string | undefined {
  if (token.normalize('NFC') === token) return undefined
  return 'has a letter and its accent as two characters: type it anew, or dyndns53 rotate-token makes another'
}
