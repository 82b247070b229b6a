import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HostDatabase, parseDatabase } from '../../src/hosts/database.js'
import { appendHosts, removeHosts, replaceTokens } from '../../src/hosts/edit.js'
import { digestOfToken, hashedCell } from '../../src/hosts/token.js'
import { propertyRuns } from '../support/property-runs.js'

/** Few, so that the same host is there twice, in two spellings. */
const names = ['a.example.com', 'b.example.com', '*.a.example.com', 'xn--mnchen-3ya.example.com']

const spelling = fc.constantFrom(...names, 'A.Example.com', 'b.example.com.', 'münchen.example.com')
const space = fc.constantFrom('', '', '', ' ', '\t', ' \t ', '\u00a0', '\f', '\ufeff')
const inQuotes = (text: string) => `"${text.replaceAll('"', '""')}"`

const token = fc
  .string({
    unit: fc.oneof(fc.constantFrom(...'",# \t\\\u00a0'), fc.string({ minLength: 1, maxLength: 1 })),
    maxLength: 8,
  })
  .map((text) => `t${text}`)

/** Behind the token, as a spreadsheet leaves them. */
const emptyColumns = fc.constantFrom('', '', '', ',', ' ,, ', ',""')

const goodLine = fc
  .tuple(
    space,
    spelling,
    fc.boolean(),
    space,
    space,
    fc.oneof(token, token.map(hashedCell)),
    space,
    emptyColumns,
  )
  .map(([before, name, isQuoted, left, right, cell, after, more]) => {
    const field = /[",]|^\s|\s$/.test(cell) ? inQuotes(cell) : cell
    return `${before}${isQuoted ? inQuotes(name) : name}${left},${right}${field}${after}${more}`
  })

const badLine = fc.oneof(
  fc.constantFrom(
    'a.example.com,',
    'a.example.com,"t',
    '"a.example.com,t',
    'a.example.com,a"b',
    '",',
    '"',
    't",',
  ),
  fc.constantFrom('a.example.com', 'b.example.com,a,b', 'home,t', ',', 'a.example.com,sha256:00', '\ufffd'),
)

const otherLine = fc.constantFrom(
  '',
  '',
  ' ',
  '\t',
  '# a.example.com,t',
  '#"',
  ' # \u00fc',
  '\ufeff',
  '\ufeff#',
)

/** In latin1: bytes that are no UTF-8 as well. */
const line = fc.oneof(
  fc.oneof(goodLine, goodLine, badLine, otherLine).map((text) => Buffer.from(text).toString('latin1')),
  fc.constantFrom('\xff', 'a.example.com,\xc3', '\xe4\xb8a.example.com,t', '#\xfe'),
)

const lineEnd = fc.constantFrom('\n', '\n', '\r\n', '\r')

/** A file, its last line with or without an end. */
const file = fc
  .record({
    mark: fc.constantFrom('', '\xef\xbb\xbf'),
    header: fc.constantFrom('', 'hostname,token\n', '"hostname" , "token"\r\n'),
    lines: fc.array(
      fc.tuple(line, lineEnd).map((parts) => parts.join('')),
      { maxLength: 8 },
    ),
    last: line,
  })
  .map(({ mark, header, lines, last }) => Buffer.from(mark + header + lines.join('') + last, 'latin1'))

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** The byte order mark, if any, and then the lines with their ends. */
const partsOf = (bytes: Uint8Array) => textOf(bytes).split(/(?<=^\xef\xbb\xbf|\n|\r(?!\n))/)

/** The host of a line, as the parser reads it when it stands alone. */
const hostOf = (text: string) => [...parseDatabase(Buffer.from(text, 'latin1')).database.hostnames()][0]

const digests = (database: HostDatabase) =>
  new Map(
    [...database.hostnames()].map((name) => [name, textOf(database.digestOf(name) ?? new Uint8Array())]),
  )

const digestText = (text: string) => textOf(digestOfToken(text))
const reasons = (bytes: Uint8Array) => parseDatabase(bytes).problems.map(({ reason }) => reason)

const isAboutFile = (reason: string) => reason.startsWith('the file is')
const duplicates = (bytes: Uint8Array) =>
  parseDatabase(bytes).warnings.filter(({ reason }) => reason.includes('is also on line'))

const runs = { numRuns: propertyRuns(300) }

describe('whatever the file', () => {
  it('an added host is there, and every byte before it is as it was', () => {
    fc.assert(
      fc.property(file, fc.constantFrom(...names), token, (before, name, cell) => {
        const after = appendHosts(before, [{ name, cell }])
        expect(textOf(after).startsWith(textOf(before))).toBe(true)
        expect(textOf(after).slice(before.length)).toMatch(/^(\r\n|\n|\r)?[^\r\n]+(\r\n|\n|\r)$/)
        const expected = digests(parseDatabase(before).database).set(name, digestText(cell))
        expect(digests(parseDatabase(after).database)).toEqual(expected)
        expect(parseDatabase(after).problems).toEqual(parseDatabase(before).problems)
      }),
      runs,
    )
  })

  it('hosts that are taken out are gone, and every other byte is there', () => {
    fc.assert(
      fc.property(file, fc.subarray(names), (before, gone) => {
        const after = removeHosts(before, new Set(gone))
        const kept = partsOf(before).filter((text) => !gone.includes(hostOf(text) ?? ''))
        expect(textOf(after)).toBe(kept.join(''))
        const expected = digests(parseDatabase(before).database)
        for (const name of gone) expected.delete(name)
        expect(digests(parseDatabase(after).database)).toEqual(expected)
        expect(reasons(after)).toEqual(reasons(before))
      }),
      runs,
    )
  })

  it('a replaced token counts, and every other line is as it was', () => {
    fc.assert(
      fc.property(file, fc.subarray(names, { minLength: 1 }), token, (before, changed, cell) => {
        const after = replaceTokens(before, ({ name }) => (changed.includes(name) ? cell : undefined))
        const now = partsOf(after)
        for (const [index, text] of partsOf(before).entries()) {
          const name = hostOf(text) ?? ''
          const same = changed.includes(name) ? (line = '') => [hostOf(line), line.split(',')[0]] : String
          expect(same(now[index])).toEqual(same(text))
        }
        expect(now.length).toBe(partsOf(before).length)
        const expected = digests(parseDatabase(before).database)
        for (const name of changed) if (expected.has(name)) expected.set(name, digestText(cell))
        const { database, problems } = parseDatabase(after)
        expect(digests(database)).toEqual(expected)
        expect(problems).toEqual(parseDatabase(before).problems)
        expect(duplicates(after)).toEqual(duplicates(before))
      }),
      runs,
    )
  })

  it('hashing all tokens changes none, leaves no plain one, and the second time nothing', () => {
    fc.assert(
      fc.property(file, (before) => {
        const hash = (bytes: Uint8Array) =>
          replaceTokens(bytes, ({ token }) => (token.kind === 'plain' ? hashedCell(token.token) : undefined))
        const after = hash(before)
        expect(digests(parseDatabase(after).database)).toEqual(digests(parseDatabase(before).database))
        expect(parseDatabase(after).problems).toEqual(parseDatabase(before).problems)
        expect(hash(after)).toEqual(after)
      }),
      runs,
    )
  })

  it('of any bytes at all, what is taken out is gone and the rest is there in its order', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), file)
    const mixed = fc.tuple(bytes, bytes, bytes).map((parts) => Buffer.concat(parts))
    fc.assert(
      fc.property(mixed, fc.constantFrom(...names), (before, name) => {
        const { database } = parseDatabase(before)
        const after = parseDatabase(removeHosts(before, new Set([name])))
        // Of such a file no command touches a line.
        fc.pre(![...reasons(before), ...after.problems.map(({ reason }) => reason)].some(isAboutFile))
        const expected = digests(database)
        expected.delete(name)
        expect(digests(after.database)).toEqual(expected)
        const added = parseDatabase(appendHosts(before, [{ name, cell: 'N' }]))
        fc.pre(!added.problems.some(({ reason }) => isAboutFile(reason)))
        expect(digests(added.database)).toEqual(digests(database).set(name, digestText('N')))
      }),
      runs,
    )
  })
})
