import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticate, parseDatabase } from '../../src/hosts/database.js'
import { propertyRuns } from '../support/property-runs.js'

/** Stands in every token, and nowhere else. */
const mark = 'S3CR3T'

const hostname = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/),
    fc.constantFrom('example.com', 'example.org'),
  )
  .map(([label, domain]) => `${label}.${domain}`)

const inQuotes = (text: string) => `"${text.replaceAll('"', '""')}"`

describe('a CSV that is written by the rules', () => {
  /** Any characters but the line ends, for each line is read by itself, and those that no login carries. */
  const token = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom(...'",:# \t\'\\'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
      minLength: 1,
      maxLength: 40,
    })
    .filter((text) => !/[\r\n\u2028\u2029\ufffd]/.test(text))
  const hosts = fc.uniqueArray(fc.record({ hostname, token }), { selector: (host) => host.hostname })
  const style = fc.record({
    end: fc.constantFrom('\n', '\r\n', '\r'),
    bom: fc.constantFrom('', '\ufeff'),
    header: fc.constantFrom('', 'hostname,token', '"hostname","token"'),
    between: fc.constantFrom('', '# comment with "', '   '),
    quoteHosts: fc.boolean(),
  })

  it('lets every host in with its token, and with no other', () => {
    fc.assert(
      fc.property(hosts, style, token, (list, { end, bom, header, between, quoteHosts }, other) => {
        const rows = list.map(({ hostname, token }) => {
          // Plain where the rules allow it.
          const plain = !/[",]|^\s|\s$/.test(token)
          return `${quoteHosts ? inQuotes(hostname) : hostname},${plain ? token : inQuotes(token)}`
        })
        const lines = [header, ...rows.flatMap((row) => [between, row])]
        const parsed = parseDatabase(Buffer.from(bom + lines.map((line) => line + end).join('')))
        expect(parsed).toMatchObject({ problems: [], database: { size: list.length } })
        // By chance, a token has what nobody types on purpose.
        for (const { reason } of parsed.warnings)
          expect(reason).toMatch(/^the token of \S+ (has|begins or ends with a blank) ?/)
        for (const { hostname, token } of list) {
          expect(authenticate(parsed.database, { hostname, token })).toBe(true)
          for (const wrong of [`${token}x`, token.slice(1), `${token} `, other, '']) {
            if (wrong === token) continue
            expect(authenticate(parsed.database, { hostname, token: wrong })).toBe(false)
          }
        }
      }),
      { numRuns: propertyRuns(300) },
    )
  })
})

describe('whatever the bytes', () => {
  const lines = (csv: Uint8Array) => new TextDecoder().decode(csv).split(/\r\n|\r|\n/).length

  const nearCsv = fc
    .array(
      fc.constantFrom(
        'home.example.com',
        'a.b',
        'token',
        ',',
        '"',
        '""',
        '\n',
        '\r',
        '#',
        ' ',
        '\ufeff',
        'ü',
      ),
      {
        maxLength: 40,
      },
    )
    .map((parts) => Buffer.from(parts.join('')))

  it('throws nothing, and each line is a host, a problem, or passed over', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), nearCsv), (csv) => {
        const { database, problems, warnings } = parseDatabase(csv)
        const seen = problems.map(({ line }) => line)
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
        const duplicates = warnings.filter(({ reason }) => reason.includes('is also on line'))
        expect(database.size + problems.length + duplicates.length).toBeLessThanOrEqual(lines(csv))
        for (const { line } of [...problems, ...warnings]) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(lines(csv))
        }
      }),
      { numRuns: propertyRuns(1000) },
    )
  })
})

describe('no reason repeats a token', () => {
  const reasons = (csv: string) => {
    const { problems, warnings } = parseDatabase(Buffer.from(csv))
    return JSON.stringify([problems, warnings])
  }

  it.each([
    ['a third field', `home.example.com,${mark},b`],
    ['too long a token', `home.example.com,${mark.repeat(700)}`],
    ['a quote that is not closed', `home.example.com,"${mark}`],
    ['a quote in the middle', `home.example.com,${mark}"b`],
    ['invalid UTF-8', `home.example.com,${mark}\ufffd`],
    ['a host that is none', `home,${mark}`],
    ['a host without a name', `,${mark}`],
    ['twice the same host', `home.example.com,${mark}1\nhome.example.com,${mark}2`],
    ['the fields the wrong way round', `${mark},home.example.com`],
    ['a colon instead of a comma, and a remark', `home.example.com:${mark},the cabin`],
    ['a space instead of a comma, and a remark', `home.example.com ${mark},the cabin`],
    ['both fields in one pair of quotes', `"home.example.com,${mark}",`],
    ['a token in quotes over several lines', `home.example.com,"begin\n${mark},middle\nend"`],
    ['no comma at all', `home.example.com ${mark}`],
    ['the token alone', mark],
  ])('%s', (_, csv) => {
    expect(reasons(csv)).toMatch(/reason/)
    expect(reasons(csv)).not.toContain(mark)
  })

  it('in any mixture of hosts, tokens, commas, quotes and line ends', () => {
    const token = fc.constantFrom(mark, `${mark}1`, `"${mark}"`, `"${mark}`, `${mark}"`, `${mark},${mark}`)
    const piece = fc.oneof(
      hostname,
      token,
      token,
      fc.constantFrom(',', ',', '\n', '"', ' ', 'hostname', ':', '#'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        expect(reasons(pieces.join(''))).not.toContain(mark)
      }),
      { numRuns: propertyRuns(1000) },
    )
  })
})
