import fc from 'fast-check'
import { logins } from './house.js'
import { addressText, bytes, junk, oneOf } from './texts.js'

const path = fc.oneof(
  {
    weight: 12,
    arbitrary: oneOf(
      '/register_ip /register_ip /register_ip /nic/update /nic/update //nic/update /v3/update /check_ip',
    ),
  },
  {
    weight: 6,
    arbitrary: oneOf(
      '/present /present /cleanup /update /update //present /acme/cleanup/ /ACME//Present /register /health',
    ),
  },
  {
    weight: 2,
    arbitrary: oneOf(
      '/REGISTER_IP/ /NIC/Update/ ///v3/update /check_ip/ /Check_IP /checkip / /nic /robots.txt',
    ),
  },
  {
    weight: 1,
    arbitrary: oneOf(
      '/register_ip/x //register_ip /register%5fip /nic/update%00 /nic/%zz /nic/update/.. /check_ip;x',
    ),
  },
  {
    weight: 1,
    arbitrary: oneOf(
      '* check_ip http://x/check_ip http://x/register_ip http://[::1/check_ip http://home:p@x:99999999/nic x:80 //',
      '/check_ip#x /nic\\update /nic/\xfcpdate /\t javascript:/nic/update http:///nic/update ?/register_ip',
    ),
  },
  { weight: 1, arbitrary: junk.map((text) => `/${text}`) },
)
const value = fc.oneof(
  addressText,
  oneOf('2606:4700:1::/48 8.8.8.8/24 auto %i %00 %zz %ff <ip> YES dyn 1,2,,3'),
  bytes.map((text) => encodeURIComponent(text)),
)
const names = fc.constantFrom(
  ...logins.map(({ user }) => user),
  'nobody.example.com',
  'www.example.com',
  'home',
  '',
)
const parameter = fc.oneof(
  fc.array(names, { maxLength: 3 }).map((list) => `hostname=${list.join(',')}`),
  fc.array(value, { maxLength: 3 }).map((list) => `myip=${list.join(',')}`),
  fc
    .tuple(oneOf('hostname ip myipv6 ip6 offline format wildcard myip[] __proto__', ''), value)
    .map((both) => both.join('=')),
)

/** The parameters of an update, in a query or a form. */
export const parameters = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 8, arbitrary: fc.array(parameter, { maxLength: 4 }).map((list) => list.join('&')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(`hostname=${'a.example.com,'.repeat(30)}`, '&'.repeat(3000), '%'.repeat(2000)),
  },
  { weight: 1, arbitrary: junk },
)

const challengeText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'ABCDEFGHIJKL').map((letter) => letter.repeat(43)) },
  { weight: 2, arbitrary: oneOf('short "quoted" A"B \\', '') },
  { weight: 1, arbitrary: bytes },
)
const fields = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      fqdn: names.map((name) => `_acme-challenge.${name.replace('*.', '')}.`),
      value: challengeText,
    }),
  },
  { weight: 2, arbitrary: fc.record({ fqdn: fc.oneof(names, junk), value: challengeText }) },
  {
    weight: 2,
    arbitrary: fc.record(
      { domain: names, token: junk, keyAuth: junk },
      { requiredKeys: ['domain', 'keyAuth'] },
    ),
  },
  { weight: 4, arbitrary: fc.record({ subdomain: fc.oneof(names, junk), txt: challengeText }) },
)

/** The JSON of a challenge, of whichever protocol, or what is not quite that. Latin1: each character is a byte. */
export const challengeJson = fc
  .oneof(
    { weight: 12, arbitrary: fields },
    {
      weight: 1,
      arbitrary: fc.constantFrom(null, [], 7, 'text', { fqdn: 1, value: {} }, { __proto__: null }),
    },
  )
  .map((body) => Buffer.from(JSON.stringify(body)).toString('latin1'))

/** Where a request goes. */
export const target = fc
  .tuple(path, parameters)
  .map(([place, query]) => (query === '' ? place : `${place}?${query}`))
