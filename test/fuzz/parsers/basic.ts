import assert from 'node:assert/strict'
import fc from 'fast-check'
import { authenticate, parseDatabase } from '../../../src/hosts/database.js'
import { readBasicLogin } from '../../../src/http/sent-login.js'
import { parseHostname } from '../../../src/net/hostname.js'
import { pureProperty } from '../property.js'

/** Any text but what a line of the CSV cannot hold. */
const token = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...':@%"\\,\t\0\u0085\u2028üé😀a1'), minLength: 1, maxLength: 12 }),
  )
  .filter((text) => !/[\r\n\ufffd]/.test(text))
const user = fc.constantFrom('home.example.com', 'HOME.example.com.', 'münchen.example.com', '*.example.com')
const spaces = fc.constantFrom(' ', '  ')

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** A login that the database has, bent by nothing: the host must be let in. */
export const basicRight = pureProperty(
  'basic, right',
  fc.record({ user, token, scheme: fc.constantFrom('Basic', 'basic', 'BASIC'), spaces }),
  ({ user: name, token: secret, scheme, spaces: gap }) => {
    const { database } = parseDatabase(Buffer.from(`${name},"${secret.replaceAll('"', '""')}"\n`))
    if (database.size === 0) return
    for (const end of ['', '\n', '\r\n']) {
      const sent = readBasicLogin(`${scheme}${gap}${base64(`${name}:${secret}${end}`)}`)
      assert.ok(!('problem' in sent), 'a right login cannot be read')
      assert.ok(authenticate(database, sent.spellings[0]))
      assert.ok(sent.isUtf8)
    }
    if (!/^[\0-\xff]*$/.test(secret)) return
    const latin1 = Buffer.from(`home.example.com:${secret}`, 'latin1').toString('base64')
    const sent = readBasicLogin(`${scheme}${gap}${latin1}`)
    assert.ok('problem' in sent || sent.spellings[1].token === secret)
  },
)

const header = fc.oneof(
  fc
    .tuple(fc.constantFrom('Basic ', 'basic  ', 'Basic', 'Bearer ', 'Digest ', ''), user, token)
    .map(([scheme, name, secret]) => `${scheme}${base64(`${name}:${secret}`)}`),
  fc.uint8Array({ maxLength: 40 }).map((raw) => `Basic ${Buffer.from(raw).toString('base64')}`),
  fc.string({ unit: 'binary' }).map((text) => `Basic ${text}`),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(`Basic ${'A'.repeat(8000)}`, `Basic ${'='.repeat(8000)}`, `Basic ${' '.repeat(8000)}x`),
)
const bent = fc.tuple(
  header,
  fc.nat(),
  fc.constantFrom('', ' ', '=', ':', ',', '\0', '\xff', '-', '~', '.'),
  fc.nat(2),
)

/** Whatever the header, who is let in has sent the host's own name and token, in Basic, in UTF-8 or Latin-1. */
export const basicBent = pureProperty('basic, bent', bent, ([text, at, piece, cut]) => {
  const place = at % (text.length + 1)
  const value = text.slice(0, place) + piece + text.slice(place + cut)
  const login = readBasicLogin(value)
  if ('problem' in login) {
    assert.match(login.problem, /^the (login|user name) /)
    return
  }
  const [, sent = ''] = /^\s*basic +(\S+)\s*$/i.exec(value) ?? []
  for (const [index, encoding] of (['utf8', 'latin1'] as const).entries()) {
    const decoded = Buffer.from(sent, 'base64').toString(encoding)
    const colon = decoded.indexOf(':')
    assert.equal(decoded.slice(colon + 1).replace(/\r?\n$/, ''), login.spellings[index]?.token)
  }
  const bytes = Buffer.from(sent, 'base64')
  const user = bytes.subarray(0, bytes.indexOf(':'))
  const names = [parseHostname(user.toString()), parseHostname(user.toString('latin1'))]
  assert.ok(names.includes(login.spellings[0].hostname))
  assert.equal(login.spellings[1].hostname, login.spellings[0].hostname)
})
