import { describe, expect, it } from 'vitest'
import { parseDatabase } from '../../src/hosts/database.js'
import { appendHosts, hostLine, removeHosts, replaceTokens } from '../../src/hosts/edit.js'

/** Edits texts in latin1, so that every byte can be written down and seen. */
const latin1 = (text: string) => Buffer.from(text, 'latin1')
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

const append = (text: string, name: string, cell: string) =>
  textOf(appendHosts(latin1(text), [{ name, cell }]))
const remove = (text: string, ...names: string[]) => textOf(removeHosts(latin1(text), new Set(names)))
const replace = (text: string, cells: Record<string, string>) =>
  textOf(replaceTokens(latin1(text), ({ name }) => cells[name]))

const mark = '\xef\xbb\xbf'

describe('a host is added at the end', () => {
  it.each<[string, string, string]>([
    ['an empty file', '', 'new.example.com,N\n'],
    ['a byte order mark alone', mark, `${mark}new.example.com,N\n`],
    ['a file with a last line end', 'a.example.com,A\n', 'a.example.com,A\nnew.example.com,N\n'],
    ['a file without one', 'a.example.com,A', 'a.example.com,A\nnew.example.com,N\n'],
    ['a comment without line end', '# x', '# x\nnew.example.com,N\n'],
    ['CRLF', 'a.example.com,A\r\n', 'a.example.com,A\r\nnew.example.com,N\r\n'],
    ['CRLF without the last', '# x\r\na.example.com,A', '# x\r\na.example.com,A\r\nnew.example.com,N\r\n'],
    ['CR', '# x\ra.example.com,A', '# x\ra.example.com,A\rnew.example.com,N\r'],
    ['a mixture: as the first line ends', '# x\r\n\n\r#', '# x\r\n\n\r#\r\nnew.example.com,N\r\n'],
    ['blank lines at the end', 'a.example.com,A\n\n\n', 'a.example.com,A\n\n\nnew.example.com,N\n'],
    ['an unclosed quote before', 'a.example.com,"A\n', 'a.example.com,"A\nnew.example.com,N\n'],
    ['an unclosed quote without line end', 'a.example.com,"A', 'a.example.com,"A\nnew.example.com,N\n'],
    ['what is not UTF-8', '\xff\xc3', '\xff\xc3\nnew.example.com,N\n'],
  ])('to %s', (_, before, after) => {
    expect(append(before, 'new.example.com', 'N')).toBe(after)
  })

  it('and many are added in their order', () => {
    const hosts = ['b', 'a'].map((label) => ({ name: `${label}.example.com`, cell: label }))
    expect(textOf(appendHosts(latin1('# x'), hosts))).toBe('# x\nb.example.com,b\na.example.com,a\n')
  })
})

describe('a host is taken out', () => {
  it.each<[string, string, string]>([
    ['alone', 'a.example.com,A', ''],
    ['and the byte order mark stays', `${mark}a.example.com,A\n# \xc3\xbc\n`, `${mark}# \xc3\xbc\n`],
    ['at the start', 'a.example.com,A\r\n# x\n', '# x\n'],
    ['in the middle', '# x\ra.example.com,A\n\n', '# x\r\n'],
    ['at the end, without line end', '# x\na.example.com,A', '# x\n'],
    ['on every line of it', 'a.example.com,1\n# x\nA.example.com.,2\n"a.example.com" ,"3"\n', '# x\n'],
    ['and its bad lines stay', 'a.example.com,\na.example.com,A\n', 'a.example.com,\n'],
    ['and not others', 'aa.example.com,A\na.example.com,A\n', 'aa.example.com,A\n'],
    ['behind an unclosed quote', 'b.example.com,"B\na.example.com,A\n', 'b.example.com,"B\n'],
    ['before a quote that closes nothing', 'a.example.com,A\n",B"\n', '",B"\n'],
  ])('%s', (_, before, after) => {
    expect(remove(before, 'a.example.com')).toBe(after)
  })

  it('with others, and nothing happens for one that is not there', () => {
    const text = 'a.example.com,A\nb.example.com,B\nc.example.com,C\n'
    expect(remove(text, 'c.example.com', 'a.example.com', 'x.example.com')).toBe('b.example.com,B\n')
    expect(remove(text, 'x.example.com')).toBe(text)
    expect(remove(text)).toBe(text)
  })
})

describe('a token is replaced', () => {
  it.each<[string, string, string]>([
    ['plain', 'a.example.com,A\n', 'a.example.com,N\n'],
    ['without line end', 'a.example.com,A', 'a.example.com,N'],
    ['before CRLF', '#\na.example.com,A\r\n#', '#\na.example.com,N\r\n#'],
    ['in quotes', '"a.example.com","A, ""a"""\r', '"a.example.com",N\r'],
    ['between spaces', '\t a.example.com ,\t A  \n', '\t a.example.com ,\t N\n'],
    ['behind a byte order mark', `${mark}a.example.com,A\n`, `${mark}a.example.com,N\n`],
    ['of a name in its own spelling', 'A.Example.COM.,A\n', 'A.Example.COM.,N\n'],
    ['with bytes of UTF-8', 'a.example.com,\xc3\xbc\xe2\x82\xac\xc2\x85\n', 'a.example.com,N\n'],
    [
      'on every line of the host',
      'a.example.com,1\n#\na.example.com,2\n',
      'a.example.com,N\n#\na.example.com,N\n',
    ],
    ['and not on a bad line', 'a.example.com,\na.example.com,A\n', 'a.example.com,\na.example.com,N\n'],
    ['and not in a comment', '#a.example.com,A\na.example.com,A\n', '#a.example.com,A\na.example.com,N\n'],
    [
      'behind an unclosed quote',
      'b.example.com,"B\na.example.com,A\n',
      'b.example.com,"B\na.example.com,N\n',
    ],
    ['of no other host', 'b.example.com,B\n', 'b.example.com,B\n'],
  ])('%s', (_, before, after) => {
    expect(replace(before, { 'a.example.com': 'N' })).toBe(after)
  })

  it('by one that needs quotes, and a name in another script stays', () => {
    const before = 'm\xc3\xbcnchen.example.com,A\n'
    const after = 'm\xc3\xbcnchen.example.com,"\xc3\xbc ""N"", #"\n'
    expect(replace(before, { 'xn--mnchen-3ya.example.com': '\u00fc "N", #' })).toBe(after)
  })
})

describe('the line of a host', () => {
  it.each([
    't',
    'a,b',
    '"',
    ' t ',
    'a"b"',
    '#t',
    '\t',
    '\u00a0t\u0085',
    '\ufefft',
    "it's",
    'a:b',
    '\\',
    '=1+1',
  ])('with the token %j is read as it was meant', (token) => {
    const { database, problems } = parseDatabase(
      Buffer.from(hostLine({ name: 'a.example.com', cell: token })),
    )
    const plain = parseDatabase(Buffer.from(`a.example.com,"${token.replaceAll('"', '""')}"`))
    expect(problems).toEqual([])
    expect(database.digestOf('a.example.com')).toEqual(plain.database.digestOf('a.example.com'))
  })
})

describe('the columns behind a token stay', () => {
  it.each<[string, string, string]>([
    ['empty ones', 'a.example.com,A,,\r\n', 'a.example.com,N,,\r\n'],
    ['a note', 'hostname,token,note\na.example.com,A,Anna\n', 'hostname,token,note\na.example.com,N,Anna\n'],
    [
      'a note behind a token in quotes',
      'hostname,token,note\n"a.example.com" , "A, ""a""" ,"Anna, Bob"',
      'hostname,token,note\n"a.example.com" , N,"Anna, Bob"',
    ],
    [
      'a quote in the note alone',
      'hostname,token,note\na.example.com,A,"Anna, Bob"\n',
      'hostname,token,note\na.example.com,N,"Anna, Bob"\n',
    ],
  ])('%s', (_, before, after) => {
    expect(replace(before, { 'a.example.com': 'N' })).toBe(after)
  })

  it('whatever the new token has in it', () => {
    expect(replace('a.example.com,A,,\n', { 'a.example.com': "$1 $& $' $$" })).toBe(
      'a.example.com,"$1 $& $\' $$",,\n',
    )
  })
})
