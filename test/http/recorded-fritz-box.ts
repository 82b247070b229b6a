import { callerA, homeA, homeAAAA, login, type Recorded, type Rest, v4, v6 } from './recorded-request.js'

/** AVM's documentation, deSEC's and asheiduk.de's captures: its placeholders are replaced without escaping. */
const fritzBox = (what: string, query: string, rest: Rest): Recorded => ({
  what: `FRITZ!Box, ${what}`,
  lines: [
    `GET /nic/update${query} HTTP/1.1`,
    'Host: dyn.example.net',
    login,
    'User-Agent: Fritz!Box DDNS/1.0.1',
  ],
  ...rest,
})

/** What users of a FRITZ!Box type into its Update-URL. */
export const fritzBoxes: readonly Recorded[] = [
  fritzBox('no query at all', '', { answer: '200 good 9.9.9.9', zone: [callerA] }),
  fritzBox('<ipaddr>', `?hostname=home.example.com&myip=${v4}`, { answer: `200 good ${v4}`, zone: [homeA] }),
  fritzBox('<ipaddr> and <ip6addr>', `?hostname=home.example.com&myip=${v4}&myipv6=${v6}`, {
    answer: `200 good ${v4},${v6}`,
    zone: [homeA, homeAAAA],
  }),
  fritzBox('the two as a list', `?myip=${v4},${v6}`, {
    answer: `200 good ${v4},${v6}`,
    zone: [homeA, homeAAAA],
  }),
  fritzBox('no IPv6 address yet', `?myip=${v4},`, { answer: `200 good ${v4}`, zone: [homeA] }),
  fritzBox('no IPv4 address at all', `?myip=,${v6}`, { answer: `200 good ${v6}`, zone: [homeAAAA] }),
  fritzBox('an empty <ipaddr>', `?myip=&myipv6=${v6}`, { answer: `200 good ${v6}`, zone: [homeAAAA] }),
  fritzBox('an empty <ip6addr>', `?myip=${v4}&myipv6=`, { answer: `200 good ${v4}`, zone: [homeA] }),
  fritzBox('both empty', '?myip=&myipv6=', { answer: '200 good 9.9.9.9', zone: [callerA] }),
  fritzBox('placeholders that it does not know', '?hostname=&myip=<ipaddr>&myipv6=<ip6addr>', {
    answer: '200 good 9.9.9.9',
    zone: [callerA],
  }),
  fritzBox('behind CGNAT', '?myip=100.64.7.7', { answer: '200 good 9.9.9.9', zone: [callerA] }),
  fritzBox('behind DS-Lite, over IPv6', '?myip=192.0.0.2&myipv6=2606:4700::1111', {
    from: '2606:4700::1111',
    answer: `200 good ${v6}`,
    zone: [homeAAAA],
  }),
  fritzBox('<ip6lanprefix> of a NAS', '?myipv6=2606:4700:1:2::/64', {
    held: ['1.1.1.1', '2600::211:32ff:fe12:3456'],
    answer: '200 good 2606:4700:1:2:211:32ff:fe12:3456',
    zone: ['home.example.com A 1.1.1.1', 'home.example.com AAAA 2606:4700:1:2:211:32ff:fe12:3456'],
  }),
  fritzBox('<ip6lanprefix> without an AAAA to move', '?myipv6=2606:4700:1:2::/64', {
    answer: '500 dnserr',
    zone: [],
  }),
  fritzBox('<domain> of another host', '?hostname=cabin.example.com', { answer: '500 nohost', zone: [] }),
]
