import { callerA, homeA, homeAAAA, login, type Recorded, type Rest, v4, v6 } from './recorded-request.js'

/** willswire/unifi-ddns: inadyn 2.10, which never sends a Connection header and needs the connection closed. */
const inadyn = (what: string, path: string, rest: Rest): Recorded => ({
  what,
  lines: [
    `GET ${path} HTTP/1.0`,
    'Host: 127.0.0.1',
    login,
    'User-Agent: inadyn/2.10.0 https://github.com/troglobit/inadyn/issues',
  ],
  ...rest,
})

/** UniFi consoles and DD-WRT, which run inadyn, and inadyn's own ways. */
export const inadyns: readonly Recorded[] = [
  inadyn('UniFi, two slashes', `//nic/update?hostname=home.example.com&myip=${v4}`, {
    answer: `200 good ${v4}`,
    zone: [homeA],
  }),
  inadyn('UniFi, an empty hostname', `//nic/update?hostname=&myip=${v4}`, {
    answer: `200 good ${v4}`,
    zone: [homeA],
  }),
  inadyn('UniFi, a private interface', '//nic/update?hostname=home.example.com&myip=192.168.1.2', {
    answer: '200 good 9.9.9.9',
    zone: [callerA],
  }),
  inadyn('UniFi, myip=auto', '//nic/update?hostname=home.example.com&myip=auto', {
    answer: '200 good 9.9.9.9',
    zone: [callerA],
  }),
  inadyn('UniFi, a %i that stayed', '//nic/update?hostname=%h&myip=%i', { answer: '500 notfqdn', zone: [] }),
  inadyn('inadyn with IPv6', '/nic/update?hostname=home.example.com&myip=2606%3a4700%3a%3a1111', {
    answer: `200 good ${v6}`,
    zone: [homeAAAA],
  }),
  inadyn('inadyn with a wildcard', `/nic/update?hostname=%2a.home.example.com&myip=${v4}`, {
    answer: `200 good ${v4}`,
    zone: [`\\052.home.example.com A ${v4}`],
  }),
  inadyn('inadyn whose check-ip failed', '/nic/update?hostname=home.example.com&myip=', {
    answer: '200 good 9.9.9.9',
    zone: [callerA],
  }),
  inadyn('DD-WRT, the host name glued to a ?', '/nic/update?home.example.com', {
    answer: '200 good 9.9.9.9',
    zone: [callerA],
  }),
  inadyn('DD-WRT, the host name glued to the path', '/nic/updatehome.example.com', {
    answer: '404 badagent',
    zone: [],
  }),
]
