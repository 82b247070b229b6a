import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashedCell } from '../../src/hosts/token.js'
import { home, logins, read } from './csv.js'

/** What is said of the token of a line of its own; undefined for nothing. */
function oddityOf(token: string): string | undefined {
  const parsed = read(`# first\nhome.example.com,"${token.replaceAll('"', '""')}"\n`)
  expect(parsed.problems).toEqual([])
  expect(logins(parsed, [[home, token]])).toEqual([true])
  const [warning] = parsed.warnings
  expect(parsed.database.oddityOf(home)).toBe(warning?.reason.replace('of home.example.com', 'on line 2'))
  return warning?.reason
}

describe('a character that nobody types on purpose is named with its place, and counts', () => {
  it.each([
    ['a zero-width space', 'T0K\u200bEN', /a character without width \(U\+200B\) as character 4 of 6/],
    ['a zero-width joiner at the end', 'T0KEN\u200d', /without width \(U\+200D\) as character 6 of 6/],
    ['a word joiner', '\u2060T0KEN', /without width \(U\+2060\) as character 1 of 6/],
    ['a mark of a byte order', 'T0\ufeffKEN', /without width \(U\+FEFF\)/],
    ['a soft hyphen', 'T0-\u00adKEN', /a soft hyphen \(U\+00AD\) as character 4/],
    ['an en dash', 'T0\u2013KEN', /a word processor's dash \(U\+2013\) as character 3/],
    ['an em dash', 'T0\u2014KEN', /dash \(U\+2014\)/],
    ['a non-breaking hyphen', 'T0\u2011KEN', /dash \(U\+2011\)/],
    ['a minus', 'T0\u2212KEN', /dash \(U\+2212\)/],
    ['quotes', '\u201cT0KEN\u201d', /a word processor's quote \(U\+201C\) as character 1/],
    ['low quotes', '\u201eT0KEN\u201c', /quote \(U\+201E\)/],
    ['an apostrophe', 'T0\u2019KEN', /quote \(U\+2019\)/],
    ['guillemets', '«T0KEN»', /quote \(U\+00AB\)/],
    ['three dots', 'T0KEN…', /three dots in one character \(U\+2026\)/],
    ['an ideographic space', 'T0\u3000KEN', /an ideographic space \(U\+3000\)/],
    ['a no-break space', 'T0\u00a0KEN', /a space that is not the usual one \(U\+00A0\)/],
    ['a thin space', 'T0\u2009KEN', /a space that is not the usual one \(U\+2009\)/],
    ['full-width letters', 'Ｔ０ＫＥＮ', /a full-width character \(U\+FF34\)/],
    ['a mark of writing from right to left', '\u200fT0KEN', /direction of writing \(U\+200F\)/],
    ['a variation selector', 'T0KEN❤\ufe0f', /a variation selector \(U\+FE0F\)/],
    ['a TAB', 'T0\tKEN', /a control character \(U\+0009\)/],
    ['a NUL', 'T0\0KEN', /a control character \(U\+0000\)/],
    ['the next line of Unicode', 'b\u0085c', /a control character \(U\+0085\) as character 2/],
    ['a quote of Windows, read as Latin-1', '\u0093T0KEN', /a control character \(U\+0093\)/],
    ['such a character behind an emoji', '🔑🔑T0\u200bKEN', /\(U\+200B\) as character 5 of 8/],
    ['an umlaut in two characters', 'T0KEN-a\u0308', /a letter and its accent as two characters/],
  ])('%s', (_, token, said) => {
    expect(oddityOf(token)).toMatch(said)
    expect(oddityOf(token)).toMatch(/^the token of home\.example\.com has .*rotate-token/)
    expect(oddityOf(token)).not.toMatch(/T0|KEN/)
  })
})

describe('what a spreadsheet leaves of a token is warned of, and counts', () => {
  it.each(['1.23457E+18', '1,23457E+18', '1E+18', '#NAME?', '#VALUE!', '#REF!', '#N/A'])('%s', (token) => {
    expect(oddityOf(token)).toMatch(
      /^the token of home\.example\.com looks like what a spreadsheet .*rotate-token/,
    )
    expect(oddityOf(token)).not.toContain(token)
  })

  it.each(['123456789012345678', '1.23457E+18-abc', '-Vq3xT8-nLw_0fKz2RbYd61M', '#1-in-town', '1e18'])(
    '%s is an ordinary token',
    (token) => expect(oddityOf(token)).toBeUndefined(),
  )
})

it.each([' T0KEN', 'T0KEN ', ' '])(
  'the blank of %j, which only quotes keep, is warned of, and counts',
  (token) => {
    expect(oddityOf(token)).toMatch(
      /^the token of home\.example\.com begins or ends with a blank, .*rotate-token/,
    )
  },
)

describe('a token that looks like a digest of another kind is warned of, and counts', () => {
  const hex = '0123456789abcdef'.repeat(8)

  it.each([
    `md5:${hex.slice(0, 32)}`,
    `MD5=${hex.slice(0, 32)}`,
    `sha1:${hex.slice(0, 40)}`,
    `SHA-256:${hex.slice(0, 64)}`,
    `sha256=${hex.slice(0, 64)}`,
    `sha256$${hex.slice(0, 64)}`,
    `sha512:${hex}`,
    `sha3-256:${hex.slice(0, 64)}`,
    '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
    '{SSHA256}abcdef',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$2y$10$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA',
    '$6$salt$aGFzaA',
    '$apr1$salt$aGFzaA',
    'bcrypt:abc',
  ])('%s', (token) => {
    expect(oddityOf(token)).toMatch(/^the token of home\.example\.com looks like a digest of another kind/)
  })
})

describe('nothing is said of', () => {
  it.each([
    ['what add-host makes', 'Vq3xT8-nLw_0fKz2RbYd61Ma'],
    ['a phrase', 'rain, "snow" and sun'],
    ['umlauts', 'pässwörd'],
    ['another script', '密码-пароль-סיסמה'],
    ['an emoji', '🔑'],
    ['hex digits, as openssl rand -hex prints them', '0123456789abcdef'.repeat(4)],
    ['money', '$6 for 1 beer'],
    ['a word that begins like a digest', 'shadow:md5'],
    ['braces', '{home}'],
  ])('%s', (_, token) => {
    expect(oddityOf(token)).toBeUndefined()
  })

  it('a digest, in any case', () => {
    for (const cell of [
      hashedCell('T0KEN'),
      hashedCell('T0KEN').toUpperCase(),
      `Sha256:${hashedCell('T0KEN').slice(7)}`,
    ]) {
      const parsed = read(`home.example.com,${cell}\n`)
      expect(parsed).toMatchObject({ problems: [], warnings: [] })
      expect(logins(parsed, [[home, 'T0KEN']])).toEqual([true])
    }
  })

  it('any token of the characters that a keyboard without accents has, but for a blank at an end and what looks like a digest', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9,"'._~+/-]([a-z0-9 ,"'._~+/-]{0,38}[a-z0-9,"'._~+/-])?$/),
        (token) => {
          expect(oddityOf(token)).toBeUndefined()
        },
      ),
    )
  })
})

describe('oddities for the log', () => {
  it('are those of the line that counts', () => {
    const { database } = read(
      'home.example.com,a\u200b\nhome.example.com,b\ncabin.example.com,c\ncabin.example.com,\u00ad\n',
    )
    expect(database.oddityOf(home)).toBeUndefined()
    expect(database.oddityOf('cabin.example.com')).toMatch(/^the token on line 4 has a soft hyphen/)
    expect(database.oddityOf('other.example.com')).toBeUndefined()
  })

  it('are kept of 1,000 hosts at the most; the warnings name every line', () => {
    const lines = Array.from({ length: 1500 }, (_, index) => `h${index}.example.com,t\u200b\n`)
    const { database, warnings } = read(lines.join(''))
    expect([...database.hostnames()].filter((name) => database.oddityOf(name))).toHaveLength(1000)
    expect(warnings).toHaveLength(1500)
  })
})
