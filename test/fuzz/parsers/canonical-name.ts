import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseHostname } from '../../../src/net/hostname.js'
import { canonicalName } from '../../../src/route53/api.js'
import { pureProperty } from '../property.js'

/** Bytes as latin1, with those that names are made of often among them. */
const label = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...'abhome0_-*\\.52 AK') },
    { weight: 1, arbitrary: fc.nat(255).map((code) => String.fromCharCode(code)) },
  ),
  minLength: 1,
  maxLength: 6,
})
const labels = fc.array(fc.oneof(label, fc.constantFrom('home', 'example', 'com', '*')), {
  minLength: 1,
  maxLength: 4,
})

/** As Route 53 lists names (Developer Guide, DNS domain name format): escapes for all but `a-z0-9-_`, a final dot. */
function listed(parts: readonly string[]): string {
  const escaped = (character: string) =>
    /[a-z0-9_-]/.test(character) ? character : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`
  const spelled = parts.map((part) =>
    [...part.replace(/[A-Z]/g, (letter) => letter.toLowerCase())].map(escaped).join(''),
  )
  return `${spelled.join('.')}.`
}

/** A name that Route 53 lists reads as a host name only if it is that host's, label by label. */
export const canonicalNames = pureProperty('canonical name', labels, (parts) => {
  const read = canonicalName(listed(parts))
  const isHost = parseHostname(read) === read
  const plain = parts.join('.').toLowerCase()
  const isPlain = parts.every((part) => /^(\*|[a-z0-9_-]+)$/i.test(part))
  if (isHost) {
    assert.ok(isPlain, `${JSON.stringify(parts)} reads as ${read}`)
    assert.equal(read, plain)
  }
  if (isPlain) assert.equal(read, plain)
})
