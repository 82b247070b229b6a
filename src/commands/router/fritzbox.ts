import type { RouterType } from './router-type.js'

/** AVM's FRITZ!Box. */
export const fritzbox: RouterType = {
  type: 'fritzbox',
  client: 'FRITZ!Box',
  where: 'Internet > Permit Access > DynDNS (Internet > Freigaben > DynDNS)',
  setUp: ({ host, token, service }) => ({
    fields: {
      'DynDNS Provider': 'User-defined',
      'Update URL': `${service.url}/nic/update?hostname=<domain>&myip=<ipaddr>&myipv6=<ip6addr>`,
      'Domain Name': host,
      'User Name': host,
      Password: token,
    },
  }),
  notes: ({ service }) => [
    'The words in angle brackets are typed as they stand: the box fills them in.',
    `\`<ip6addr>\` is the box itself. For a device behind it, such as a NAS, the Update URL is \`${service.url}/nic/update?hostname=<domain>&myip=<ipaddr>&myipv6=<ip6lanprefix>\`. The AAAA record of that device must be there already; it moves along when the prefix of your network changes.`,
    'Where the provider shares IPv4 addresses (DS-Lite), leave `&myip=<ipaddr>` out.',
  ],
  https: 'https; `http://` for old firmware',
  ipv6: 'yes, of the box or of a device behind it',
  severalHosts: '`hostname=<domain>,other.example.com`',
  evidence: 'documentation',
}
