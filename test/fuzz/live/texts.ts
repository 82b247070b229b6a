import fc from 'fast-check'

/** One of the words of a text. */
export function oneOf(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...texts.flatMap((text) => text.split(' ')))
}

/** Any bytes, as latin1. */
export const bytes = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 20 })

/** Bytes that may stand in a line of a head, as latin1. */
const printable = fc.string({
  unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)),
  maxLength: 20,
})

/** Mostly what HTTP takes. */
export const junk = fc.oneof({ weight: 3, arbitrary: printable }, { weight: 1, arbitrary: bytes })

/** What a client may say that its address is. */
export const addressText = fc.oneof(
  { weight: 3, arbitrary: oneOf('8.8.8.8 9.9.9.9 1.1.1.1 2606:4700::1 ::ffff:8.8.4.4') },
  { weight: 1, arbitrary: oneOf('203.0.113.7 192.168.1.5 0.0.0.0 2001:db8::7 ::1 fe80::1%eth0') },
  { weight: 1, arbitrary: oneOf('8.8.8.8:80 [2606:4700::1] unknown 8.8.8 134744072 \t \x80', '') },
)
