import { basic, hosts } from '../../support/world.js'
import type { WireConnection, WireRequest } from './wire.js'

const plain: WireRequest = {
  method: 'GET',
  target: '/register_ip',
  version: '1.1',
  headers: [
    ['Host', 'x'],
    ['X-Forwarded-For', '8.8.8.8'],
    ['Authorization', basic(hosts.home)],
    ['Connection', 'close'],
  ],
  body: '',
  framing: 'none',
}

/** A right challenge, lego's way. */
const challenge: WireRequest = {
  ...plain,
  method: 'POST',
  target: '/present',
  body: JSON.stringify({ fqdn: '_acme-challenge.home.example.com.', value: 'E'.repeat(43) }),
  framing: 'length',
}

/** What once went wrong, or nearly: tried in every run, each as a batch of its own. */
export const examples: [WireConnection[]][] = [
  { ...plain, target: 'http://[::1/check_ip' },
  { ...plain, target: 'http://home.example.com:secret@[::1/register_ip?password=secret' },
  { ...plain, target: '//home.example.com:secret@[::1/register_ip#' },
  { ...plain, target: '//home.example.com:secret@x:y/register_ip?password=secret#' },
  { ...plain, target: 'http://x/register_ip' },
  { ...plain, headers: plain.headers.filter(([name]) => name !== 'Host') },
  { ...plain, headers: [...plain.headers, ['Expect', 'a miracle'] as const] },
  { ...plain, method: 'POST', body: 'myip=8.8.4.4', framing: 'both' as const },
  { ...plain, method: 'POST', body: 'myip=8.8.4.4', framing: 'short' as const },
  challenge,
  { ...challenge, target: '/cleanup', framing: 'chunked' as const },
  { ...challenge, framing: 'both' as const },
  { ...challenge, body: JSON.stringify({ domain: 'home.example.com', keyAuth: 'x' }) },
  {
    ...challenge,
    target: '/update',
    headers: [
      ['Host', 'x'],
      ['X-Api-User', hosts.home.user],
      ['X-Api-Key', hosts.home.token],
      ['Connection', 'close'],
    ] as const,
    body: JSON.stringify({ subdomain: 'home.example.com', txt: 'F'.repeat(43) }),
  },
  { ...plain, method: 'HEAD' },
  { ...plain, method: 'CONNECT', target: 'x:80' },
].map((request) => [[{ requests: [request], edits: [], cuts: [] }]])
