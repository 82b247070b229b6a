import { describe, expect, it } from 'vitest'
import { cabin, home, logins, read } from './csv.js'

describe('a bad line', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['one field', 'home.example.com', /token is missing: a line is hostname,token$/],
    ['a semicolon', 'home.example.com;S3CR3T', /token is missing: a line is hostname,token, with a comma$/],
    ['a semicolon instead of a comma', 'home.example.com;t', /token is missing/],
    ['a TAB', 'home.example.com\tt', /a TAB stands where the comma belongs.*with a comma$/],
    ['blanks', 'home.example.com  t', /a blank stands where the comma belongs/],
    ['a full-width blank', 'home.example.com\u3000t', /a blank stands where the comma belongs/],
    ['a full-width comma', 'home.example.com，t', /"，" stands where the comma belongs/],
    ['an ideographic comma', 'home.example.com、t', /"、" stands where the comma belongs/],
    ['a colon', 'home.example.com:t', /":" stands where the comma belongs/],
    ['an equals sign with blanks', 'home.example.com = t', /"=" stands where the comma belongs/],
    ['a semicolon between quoted fields', '"home.example.com";"t"', /";" stands where the comma belongs/],
    ['a semicolon, and a comma in the token', 'home.example.com;a,b', /";" stands where the comma belongs/],
    [
      'a TAB, and a note with a comma',
      'home.example.com\tt\tAnna, Bob',
      /a TAB stands where the comma belongs/,
    ],
    ['a note that no header row names', 'home.example.com,t,Anna', /take out the columns after the token/],
    ['a note behind an empty column', 'home.example.com,t,,Anna', /4 fields.*take out the columns/],
    ['a digest of another length', 'home.example.com,SHA256:abcdef', /begins with sha256: and goes on with/],
    ['three fields', 'home.example.com,a,b', /3 fields where two are expected.*quotes/],
    ['many fields', 'home.example.com,a,b,c,d,', /6 fields/],
    ['an empty token', 'home.example.com,', /token of home\.example\.com is empty/],
    ['an empty token in quotes', 'home.example.com,""', /token of home\.example\.com is empty/],
    ['no host', ',t', /not a full host name/],
    ['commas only', ',', /not a full host name/],
    ['a host without a domain', 'home,t', /not a full host name/],
    ['an address', '192.0.2.1,t', /not a full host name/],
    ['a host with a space', 'home example.com,t', /not a full host name/],
    [
      'a token that no login carries',
      'home.example.com,a\u2028b',
      /com holds a line separator, U\+2028 or U\+2029/,
    ],
    ['another such token', 'home.example.com,"\u2029"', /com holds a line separator/],
    ['a token of 4,097 bytes', `home.example.com,${'t'.repeat(4097)}`, /longer than 4096 bytes/],
    ['a token of 4,098 bytes in UTF-8', `home.example.com,${'ü'.repeat(2049)}`, /longer than 4096 bytes/],
    ['a quote that is not closed', 'home.example.com,"t', /quotes do not pair/],
    ['a quote in the middle', 'home.example.com,a"b', /quotes do not pair/],
    ['something behind a closing quote', 'home.example.com,"a"b', /quotes do not pair/],
    ['a host with a quote that is not closed', '"home.example.com,t', /quotes do not pair/],
    ['invalid UTF-8', Buffer.from('home.example.com,t\xff', 'latin1'), /not UTF-8/],
    ['a cut-off character', Buffer.from('home.example.com,\xe4\xb8', 'latin1'), /not UTF-8/],
  ])('%s is named with its line, and spoils no other', (_, bad, reason) => {
    const before = Buffer.from('# comment\n\nhostname,token\r\nfirst.example.com,one\n')
    const after = Buffer.from('\nlast.example.com,"two ""2"""\n')
    const parsed = read(Buffer.concat([before, Buffer.from(bad), after]))
    expect(parsed.problems).toEqual([{ line: 5, reason: expect.stringMatching(reason) }])
    expect(parsed.warnings).toEqual([])
    expect(parsed.database.size).toBe(2)
    expect(
      logins(parsed, [
        ['first.example.com', 'one'],
        ['last.example.com', 'two "2"'],
      ]),
    ).toEqual([true, true])
  })

  it('is named among many others, in order', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `h${index}.example.com,${index % 10 ? 't' : '"'}`)
    const parsed = read(lines.join('\n'))
    expect(parsed.problems.map(({ line }) => line)).toEqual([1, 11, 21, 31, 41, 51, 61, 71, 81, 91])
    expect(parsed.database.size).toBe(90)
  })
})

describe('a host that is there twice', () => {
  it('has the token of the last line, with a warning', () => {
    const parsed = read('home.example.com,one\ncabin.example.com,x\nHOME.example.com.,two\n')
    expect(parsed.problems).toEqual([])
    expect(parsed.warnings).toEqual([
      { line: 3, reason: expect.stringMatching(/home\.example\.com.*line 1/) },
    ])
    expect(parsed.database.size).toBe(2)
    expect(
      logins(parsed, [
        [home, 'one'],
        [home, 'two'],
        [cabin, 'x'],
      ]),
    ).toEqual([false, true, true])
  })

  it('keeps its token when its second line is bad', () => {
    const parsed = read('home.example.com,one\nhome.example.com,\n')
    expect(parsed.warnings).toEqual([])
    expect(
      logins(parsed, [
        [home, 'one'],
        [home, ''],
      ]),
    ).toEqual([true, false])
  })
})

describe('a file that is no text in UTF-8', () => {
  const text = 'hostname,token\r\nhome.example.com,S3CR3T\r\n'
  const swapped = (utf16: Buffer) => Buffer.from(utf16).swap16()
  const utf32 = Buffer.concat([...text].map((character) => Buffer.from([character.charCodeAt(0), 0, 0, 0])))

  it.each<[string, Buffer, RegExp]>([
    [
      'UTF-16 with its mark, as Notepad writes it',
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      /UTF-16: save it as UTF-8/,
    ],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le'), /UTF-16: save it as UTF-8/],
    ['big-endian UTF-16 with its mark', swapped(Buffer.from(`\ufeff${text}`, 'utf16le')), /UTF-16/],
    ['big-endian UTF-16 without a mark', swapped(Buffer.from(text, 'utf16le')), /UTF-16/],
    ['UTF-16 that begins in another script', Buffer.from(`# 我们的主机\n${text}`, 'utf16le'), /UTF-16/],
    ['UTF-16 of nothing but its mark', Buffer.from('\ufeff', 'utf16le'), /UTF-16/],
    ['UTF-16 that is cut off in a character', Buffer.from(text, 'utf16le').subarray(0, 33), /UTF-16/],
    [
      'UTF-32 with its mark',
      Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), utf32]),
      /UTF-32: save it as UTF-8/,
    ],
    ['a workbook of Excel', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from(text)]), /Excel workbook/],
  ])('%s is one problem, at its first line', (_, bytes, reason) => {
    const { database, problems, warnings } = read(bytes)
    expect(problems).toEqual([{ line: 1, reason: expect.stringMatching(reason) }])
    expect({ size: database.size, warnings }).toEqual({ size: 0, warnings: [] })
  })

  it('is not one with a NUL or two', () => {
    expect(read('home.example.com,a\0\0b\n').database.size).toBe(1)
  })
})
