import fc from 'fast-check'
import { basic } from '../../support/world.js'
import { logins } from './house.js'
import { addressText, junk, oneOf } from './texts.js'

const users = fc.constantFrom(
  ...logins.map(({ user }) => user),
  'HOME.example.com.',
  'nobody.example.com',
  'home',
  '',
)
const tokens = fc.constantFrom(...logins.map(({ token }) => token), 'wrong', '', 'cabin-token ')

/** The value of an Authorization header: mostly a right login. */
export const authorization = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...logins).map(basic) },
  { weight: 3, arbitrary: fc.record({ user: users, token: tokens }).map(basic) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...logins).map((login) => basic(login).replace('Basic ', 'bAsIc  ')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Basic', 'Basic =', 'Bearer x', '', `Basic ${'QUFB'.repeat(1500)}`),
  },
  { weight: 1, arbitrary: junk.map((text) => `Basic ${text}`) },
)

const forwardedFor = fc.tuple(
  oneOf('X-Forwarded-For x-forwarded-for'),
  fc.array(addressText, { maxLength: 4 }).map((list) => list.join(', ')),
)
const form = 'application/x-www-form-urlencoded'

/** Any other header. */
export const header: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  { weight: 8, arbitrary: forwardedFor },
  { weight: 3, arbitrary: fc.tuple(fc.constant('X-Api-User'), users) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant('X-Api-Key'),
      tokens.map((token) => Buffer.from(token).toString('latin1')),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(oneOf('X-Real-IP Forwarded Client-IP CF-Connecting-IP'), addressText) },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('Sec-Fetch-Site'),
      oneOf('cross-site same-site same-origin none CROSS-SITE'),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constant('Content-Type'),
      fc.constantFrom(form, form, `${form}; charset=x`, 'text/plain', ''),
    ),
  },
  {
    weight: 3,
    arbitrary: oneOf(
      'Content-Encoding:gzip Accept-Encoding:gzip If-None-Match:* Range:bytes=0-1 Expect:100-continue Upgrade:h2c',
      'Cookie:a=b X-HTTP-Method-Override:PUT X-Request-Id:x X-Request-Id:01234567-89ab-cdef-0123 Host:a:b:c',
    ).map((text) => text.split(/:(.*)/, 2) as [string, string]),
  },
  { weight: 1, arbitrary: fc.tuple(oneOf('X Host Expect Connection Trailer'), junk) },
)
