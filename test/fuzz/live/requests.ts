import fc from 'fast-check'
import { authorization, header } from './headers.js'
import { challengeJson, parameters, target } from './targets.js'
import { bytes, oneOf } from './texts.js'
import type { Edit, Framing, WireConnection, WireRequest } from './wire.js'

const method = fc.oneof(
  { weight: 45, arbitrary: oneOf('GET GET GET POST') },
  { weight: 5, arbitrary: oneOf('HEAD HEAD HEAD PUT DELETE OPTIONS PATCH TRACE QUERY') },
  { weight: 1, arbitrary: oneOf('CONNECT get FOO G\0T PRI', '') },
)
const version = fc.oneof(
  { weight: 20, arbitrary: oneOf('1.1 1.1 1.1 1.0') },
  { weight: 1, arbitrary: oneOf('2.0 0.9 1.1x', '') },
)
const framing = fc.oneof(
  { weight: 25, arbitrary: fc.constantFrom<Framing>('none', 'length', 'chunked') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Framing>('short', 'long', 'twice', 'both', 'bad chunks', 'not a number'),
  },
)
const body = fc.oneof(
  { weight: 8, arbitrary: parameters },
  { weight: 6, arbitrary: challengeJson },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(5000), '\0\xff') },
)

const anyRequest: fc.Arbitrary<WireRequest> = fc
  .record({
    method,
    target,
    version,
    login: fc.option(authorization, { freq: 10 }),
    headers: fc.array(header, { maxLength: 4 }),
    isClosing: fc.boolean(),
    body,
    framing,
  })
  .map(({ login, isClosing, headers, ...rest }) => ({
    ...rest,
    headers: [
      ['Host', 'x'],
      ...headers,
      ...(login === null ? [] : [['Authorization', login] as const]),
      ...(isClosing ? [['Connection', 'close'] as const] : []),
    ],
  }))

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const edit: fc.Arbitrary<Edit> = fc.record({
  at: place,
  cut: fc.oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(400) }),
  put: fc.oneof(
    oneOf('\0 \r \n \r\n \r\n\r\n \t : , % %00 \x80 \xff\xfe / ? =', '', ''),
    fc.constantFrom(
      'Content-Length: 4\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Transfer-Encoding: x, chunked\r\n',
    ),
    fc.constantFrom('GET /check_ip HTTP/1.1\r\n\r\n', '0\r\n\r\n', ' HTTP/1.1', ' ', '\r\n '),
    fc.constantFrom('A'.repeat(9000), 'X: y\r\n'.repeat(300), 'a&'.repeat(20_000), '\r\n'.repeat(2000)),
    bytes,
  ),
})

const one = anyRequest.map((only) => [only])
const cuts = fc.array(place, { maxLength: 2 })

/** A connection: mostly one request as its parts say, or one or more whose bytes are bent. */
export const connections: fc.Arbitrary<WireConnection> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ requests: one, edits: fc.constant([]), cuts }) },
  {
    weight: 1,
    arbitrary: fc.record({
      requests: fc.oneof(one, fc.array(anyRequest, { minLength: 2, maxLength: 4 })),
      edits: fc.array(edit, { maxLength: 3 }),
      cuts,
    }),
  },
)
