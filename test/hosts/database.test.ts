import { describe, expect, it } from 'vitest'
import { authenticate, parseDatabase } from '../../src/hosts/database.js'
import { cabin, home, logins, read } from './csv.js'

describe('a CSV without a flaw', () => {
  it.each<[string, string, [string, string][]]>([
    ['nothing', '', []],
    ['one line', 'home.example.com,t', [[home, 't']]],
    [
      'two lines',
      'home.example.com,t\ncabin.example.com,u\n',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    [
      'CRLF',
      'home.example.com,t\r\ncabin.example.com,u\r\n',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    [
      'lone CR',
      'home.example.com,t\rcabin.example.com,u\r',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    [
      'mixed line ends',
      'home.example.com,t\r\n\r\rcabin.example.com,u\n\n',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    ['a BOM', '\ufeffhome.example.com,t\n', [[home, 't']]],
    ['a BOM and a header row', '\ufeffhostname,token\r\nhome.example.com,t\r\n', [[home, 't']]],
    ['a header row in quotes and capitals', '"Hostname" , "TOKEN"\nhome.example.com,t\n', [[home, 't']]],
    ['a header row after a comment', '# hosts\n\nhostname,token\nhome.example.com,t\n', [[home, 't']]],
    [
      'blank lines',
      '\n\nhome.example.com,t\n   \n\t\ncabin.example.com,u\n\n',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    ['comments', '# a,b,c "\n  # d\nhome.example.com,t\n#cabin.example.com,u\n', [[home, 't']]],
    ['empty columns behind the token, as a spreadsheet leaves them', 'home.example.com,t,,\n', [[home, 't']]],
    ['an empty column in quotes', '"home.example.com","t"," " , ""\n', [[home, 't']]],
    ['a header row with empty columns', 'hostname,token,,\nhome.example.com,t,,\n', [[home, 't']]],
    ['a note that the header row names', 'hostname,token,note\nhome.example.com,t,Anna\n', [[home, 't']]],
    [
      'several such notes, with quotes and commas',
      '"Hostname","Token","Who","Since"\r\n"home.example.com","t","Anna, of ""4""",\r\ncabin.example.com,u\r\n',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    ['quoted fields', '"home.example.com","t"\n', [[home, 't']]],
    ['a quote inside a quoted field', 'home.example.com,"a""b"""\n', [[home, 'a"b"']]],
    [
      'spaces around the fields',
      ' home.example.com ,  t  \ncabin.example.com, "u" \n',
      [
        [home, 't'],
        [cabin, 'u'],
      ],
    ],
    ['a blank within a token', 'home.example.com,"t u"\n', [[home, 't u']]],
    ['a token with a comma', 'home.example.com,"a,b,c"\n', [[home, 'a,b,c']]],
    ['a token with colons', 'home.example.com,a:b::c:\n', [[home, 'a:b::c:']]],
    ['a token that begins with #', 'home.example.com,#t\n', [[home, '#t']]],
    ['a token in UTF-8', 'home.example.com,pässwörd-密码-🔑\n', [[home, 'pässwörd-密码-🔑']]],
    ['a token with an apostrophe and a backslash', "home.example.com,a'b\\n\n", [[home, "a'b\\n"]]],
    ['a token of 4,096 bytes', `home.example.com,${'t'.repeat(4096)}\n`, [[home, 't'.repeat(4096)]]],
    ['a token of 4,096 bytes in UTF-8', `home.example.com,${'ü'.repeat(2048)}\n`, [[home, 'ü'.repeat(2048)]]],
    ['a token like a property of every object', 'home.example.com,__proto__\n', [[home, '__proto__']]],
    ['a host in capitals and with a dot', 'HOME.Example.com.,t\n', [[home, 't']]],
    ['a host of another script', 'münchen.example.com,t\n', [['xn--mnchen-3ya.example.com', 't']]],
    ['a wildcard', '*.home.example.com,t\n', [['*.home.example.com', 't']]],
  ])('%s', (_, csv, hosts) => {
    const parsed = read(csv)
    expect(parsed).toMatchObject({ problems: [], warnings: [], database: { size: hosts.length } })
    expect(logins(parsed, hosts)).toEqual(hosts.map(() => true))
  })

  it('takes a header row only at the top', () => {
    expect(read('home.example.com,t\nhostname,token\n').problems).toMatchObject([{ line: 2 }])
  })

  it('is read quickly, however long', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `h${index}.example.com,token-${index}\n`)
    const parsed = read(lines.join(''))
    expect(parsed.database.size).toBe(20_000)
    expect(logins(parsed, [['h19999.example.com', 'token-19999']])).toEqual([true])
  })
})

describe('authenticate', () => {
  const { database } = read('home.example.com,t\ncabin.example.com,u\n')

  it.each([
    ['the token of another host', home, 'u'],
    ['no token', home, ''],
    ['the token and more', home, 'tt'],
    ['a space more', home, 't '],
    ['another case', home, 'T'],
    ['an unknown host', 'other.example.com', 't'],
    ['a host like a property of every object', '__proto__', 't'],
    ['32 zero bytes as a token, the stand-in of unknown hosts', 'other.example.com', '\0'.repeat(32)],
  ])('refuses %s', (_, hostname, token) => {
    expect(authenticate(database, { hostname, token })).toBe(false)
  })

  it('finds nobody in an empty database', () => {
    const { database: empty } = parseDatabase(new Uint8Array())
    expect(authenticate(empty, { hostname: home, token: 't' })).toBe(false)
    expect(empty.size).toBe(0)
  })
})
