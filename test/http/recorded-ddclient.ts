import {
  both,
  fromCaller,
  get,
  homeA,
  homeAAAA,
  nasA,
  query,
  type Recorded,
  v4,
  v6,
  writtenA,
} from './recorded-request.js'

const perl = (version: string) => [`User-Agent: ddclient/${version}`, 'Connection: close']
const curl = (version: string) => [`User-Agent: ddclient/${version}`, 'Accept: */*']

/** The versions of ddclient that are not in Debian 12, the ways of the one that is, and the EdgeRouters, which run it. */
export const ddclients: readonly Recorded[] = [
  get('ddclient 3.9.1', `/nic/update?system=dyndns&${query} HTTP/1.0`, perl('3.9.1'), writtenA),
  get('ddclient 3.10', `/nic/update?system=dyndns&${query}`, perl('3.10.0'), writtenA),
  get(
    'ddclient 3.10 with all its options',
    `/nic/update?system=statdns&${query}&wildcard=ON&mx=mail.example.com&backmx=YES`,
    perl('3.10.0'),
    writtenA,
  ),
  get(
    'ddclient 3.10 that found no address',
    '/nic/update?system=dyndns&hostname=home.example.com&myip=',
    perl('3.10.0'),
    fromCaller,
  ),
  get(
    'ddclient 3.10, two hosts',
    `/nic/update?system=dyndns&hostname=home.example.com,nas.example.com&myip=${v4}`,
    perl('3.10.0'),
    { held: [v4], answer: `200 nochg ${v4}\ngood ${v4}`, zone: [homeA, nasA] },
  ),
  get('ddclient 3.11', `/nic/update?system=dyndns&${query},${v6}`, curl('3.11.2'), both),
  get('ddclient 4', `/nic/update?${query},${v6}`, curl('4.0.0'), both),
  get('deSEC’s recipe for ddclient', `/nic/update?${query}&myipv6=preserve`, curl('3.11.2'), {
    held: ['1.1.1.1', v6],
    answer: `200 good ${v4}`,
    zone: [homeA, homeAAAA],
  }),
  get(
    'EdgeRouter, a path in its server field',
    `/nic/update?ip=${v4}&hostname=home.example.com/nic/update?system=dyndns&${query} HTTP/1.0`,
    perl('3.8.3'),
    { answer: '500 notfqdn', zone: [] },
  ),
  get(
    'EdgeRouter, half a query in its server field',
    `/nic/update?ip=1.1.1.1/nic/update?system=dyndns&${query} HTTP/1.0`,
    perl('3.8.3'),
    writtenA,
  ),
  get('EdgeRouter, half a path in its server field', `/update/nic/update?${query} HTTP/1.0`, perl('3.8.3'), {
    answer: '404 not found',
    zone: [],
  }),
]
