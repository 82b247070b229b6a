import assert from 'node:assert/strict'
import fc from 'fast-check'
import { authenticate, parseDatabase } from '../../../src/hosts/database.js'
import { hashedCell } from '../../../src/hosts/token.js'
import { pureProperty } from '../property.js'

/** Stands in every token, and nowhere else. */
const mark = 'S3CR3T'

/** As latin1, in which each character is a byte. */
const bytes = (text: string) => Buffer.from(text).toString('latin1')

const host = fc.constantFrom(
  ...['home.example.com', 'HOME.example.com.', 'a.b', '*.example.com', bytes('münchen.example.com')],
  ...[' home.example.com ', '"home.example.com"', 'home', '192.0.2.1', 'hostname', 'x'.repeat(70), ''],
)
const cell = fc.constantFrom(
  ...[
    mark,
    ` ${mark} `,
    `"${mark}"`,
    `"${mark}, ""${mark}"""`,
    `${mark}"`,
    `"${mark}`,
    `#${mark}`,
    'token',
    '',
  ],
  ...[
    hashedCell(mark),
    `sha256:${mark}`,
    hashedCell(mark).toUpperCase(),
    bytes(`${mark}ü\u2028`),
    `${mark}\xff`,
  ],
)
const junk = fc.constantFrom(
  ...[',', '"', '""', '#', ' ', '\t', '\0', '\x0b', '\x0c', '\\', ';', '\x85', '\xa0', '\xff', '\xc3'],
  ...[bytes('\ufeff'), bytes('\ufffd'), bytes('\u2028'), bytes('例え'), bytes('😀'), mark],
)
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(host, cell).map((fields) => fields.join(',')) },
  { weight: 2, arbitrary: fc.array(fc.oneof(host, cell, junk), { maxLength: 8 }).map((all) => all.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '   ', '# comment with "', 'hostname,token', '"hostname" , "token"'),
  },
)
const ended = (...ends: string[]) =>
  fc.array(
    fc.tuple(line, fc.constantFrom(...ends)).map((parts) => parts.join('')),
    { maxLength: 8 },
  )

const first = 'first.example.org,first\n'
const parse = (text: string) => parseDatabase(Buffer.from(first + text, 'latin1'))

/** What the lines say, each by itself: the digest of each host, the last one counting, and what was left out. */
function readEach(lines: readonly string[]): {
  digests: Map<string, string>
  problems: object[]
  rows: number
} {
  const digests = new Map<string, string>()
  const problems: object[] = []
  let rows = 0
  for (const [index, text] of lines.entries()) {
    const { database, problems: found } = parse(text)
    for (const { reason } of found) problems.push({ line: index + 2, reason })
    for (const name of database.hostnames()) {
      if (name === 'first.example.org') continue
      digests.set(name, Buffer.from(database.digestOf(name) ?? []).toString('hex'))
      rows += 1
    }
  }
  return { digests, problems, rows }
}

/** A line means the same whatever stands around it, is a host or a problem or passed over, and no reason tells a token. */
export const csv = pureProperty('csv', fc.oneof(ended('\n', '\r\n'), ended('\r')), (lines) => {
  const expected = readEach(lines)
  const { database, problems, warnings } = parse(lines.join(''))
  assert.deepEqual(problems, expected.problems)
  assert.equal(database.size, expected.digests.size + 1)
  for (const [name, digest] of expected.digests) {
    assert.equal(Buffer.from(database.digestOf(name) ?? []).toString('hex'), digest)
    for (const token of ['', digest, 'first']) assert.ok(!authenticate(database, { hostname: name, token }))
  }
  // Each host that is there twice is warned of, beside tokens that look odd.
  const twice = warnings.filter(({ reason }) => reason.endsWith(': this line counts'))
  assert.equal(twice.length, expected.rows - expected.digests.size)
  assert.ok(!JSON.stringify([problems, warnings]).includes(mark))
})
