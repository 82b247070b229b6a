import type { RouterType } from './router-type.js'

/** ddclient, with settings that 3.9 to 4.x all know. */
export const ddclient: RouterType = {
  type: 'ddclient',
  client: 'ddclient 3.9 to 4.x',
  where: '`/etc/ddclient.conf`, mode 600',
  setUp: ({ host, token, service }) => ({
    file: {
      name: 'ddclient.conf',
      text: `protocol=dyndns2
use=web, web=${service.url}/check_ip
ssl=${service.isHttps ? 'yes' : 'no'}
server=${service.authority}
login=${host}
password='${token}'
${host}
`,
    },
  }),
  notes: ({ service }) => [
    'The quotes around the password are part of it: what is between them is taken as it is.',
    "For https, ddclient before 3.11 needs Perl's IO::Socket::SSL (Debian: `libio-socket-ssl-perl`).",
    `For IPv6 as well, 3.11 and later take \`usev4=webv4, webv4=${service.url}/check_ip\` and \`usev6=ifv6, ifv6=eth0\` in place of the second line.`,
  ],
  https: 'https',
  ipv6: 'from 3.11',
  severalHosts: 'a list with commas in the last line',
  evidence: 'run',
  // It would take that for the beginning of another password.
  holds: /^(?!.*\s.*password)/,
}
