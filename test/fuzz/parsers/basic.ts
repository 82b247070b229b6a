import assert from 'node:assert/strict'
import type { Request } from 'express'
import fc from 'fast-check'
import { authenticate, parseDatabase } from '../../../src/hosts/database.js'
import { readCredentials } from '../../../src/http/authenticate.js'
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
    const credentials = read(`${scheme}${gap}${base64(`${name}:${secret}`)}`)
    assert.ok(typeof credentials !== 'string', 'right credentials are malformed')
    assert.ok(authenticate(database, credentials))
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

/** Whatever the header, who is let in has sent the host's own name and token, in Basic, byte for byte. */
export const basicBent = pureProperty('basic, bent', bent, ([text, at, piece, cut]) => {
  const place = at % (text.length + 1)
  const value = text.slice(0, place) + piece + text.slice(place + cut)
  const credentials = read(value)
  assert.notEqual(credentials, 'none')
  if (typeof credentials === 'string') return
  const [, sent = ''] = /^\s*basic +(\S+)\s*$/i.exec(value) ?? []
  const decoded = Buffer.from(sent, 'base64').toString()
  const colon = decoded.indexOf(':')
  assert.equal(parseHostname(decoded.slice(0, colon)), credentials.hostname)
  assert.equal(decoded.slice(colon + 1), credentials.token)
})

function read(authorization: string): ReturnType<typeof readCredentials> {
  return readCredentials({ headers: { authorization } } as Request)
}
