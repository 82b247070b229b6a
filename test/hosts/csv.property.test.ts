import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitFields } from '../../src/hosts/csv.js'
import { propertyRuns } from '../support/property-runs.js'

/** What csv-parse makes of a line; undefined where it refuses it. */
function byCsvParse(line: string): string[] | undefined {
  try {
    const records: string[][] = parse(line, { trim: true, record_delimiter: '\n' })
    // It skips an empty line, which is one empty field to us.
    return records.length === 0 ? [''] : records[0]
  } catch {
    return undefined
  }
}

/** csv-parse alone takes quotes with nothing in them, and then more quotes, for one empty field. */
const twiceQuoted = /(?:^|,)\s*""\s+"/

/** csv-parse takes white space beyond ASCII anywhere but behind a closing quote, where it refuses the line. */
const wideSpaceBehindQuote = /"\s*[^\S\t\v\f ]/

const piece = fc.constantFrom(
  '"',
  '"',
  '""',
  ',',
  ',',
  ' ',
  '\t',
  '\u00a0',
  '\u3000',
  '\ufeff',
  '\f',
  'a',
  'b',
  'ü',
  '密',
  '🔑',
  '#',
  ';',
)
const line = fc.oneof(
  fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join('')),
  fc.string({
    unit: fc.oneof(fc.constantFrom('"', ','), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
    maxLength: 20,
  }),
)

describe('a line is read as csv-parse reads it', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['', ['']],
    [',', ['', '']],
    [' a , b ', ['a', 'b']],
    ['" a ","b,""c"""', [' a ', 'b,"c"']],
    ['\u3000"a" ,\ufeffb\u00a0', ['a', 'b']],
    ['"",""', ['', '']],
    ['"a"b', undefined],
    ['a"b"', undefined],
    ['"a" "b"', undefined],
    ['"a', undefined],
    ['"', undefined],
    ['"a,b","c', undefined],
  ])('%j', (text, fields) => {
    expect(splitFields(text)).toEqual(fields)
    expect(byCsvParse(text)).toEqual(fields)
  })

  it('whatever it is', () => {
    fc.assert(
      fc.property(line, (text) => {
        fc.pre(!/[\r\n]/.test(text) && !twiceQuoted.test(text))
        const expected = byCsvParse(text)
        if (expected === undefined && wideSpaceBehindQuote.test(text)) return
        expect(splitFields(text)).toEqual(expected)
      }),
      { numRuns: propertyRuns(2000) },
    )
  })

  it('in time that grows with its length alone', () => {
    const parts = 200_000
    expect(splitFields(`a,"${'b,""'.repeat(parts)}"`)?.[1]).toHaveLength(3 * parts)
    expect(splitFields(`a,"${'b,"" '.repeat(parts)}`)).toBeUndefined()
    expect(splitFields('",'.repeat(2 * parts))).toHaveLength(parts + 1)
  })
})
