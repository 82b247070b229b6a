import type { RouterType } from './router-type.js'

/** OPNsense with its plugin os-ddclient. */
export const opnsense: RouterType = {
  type: 'opnsense',
  client: 'OPNsense (os-ddclient)',
  where: 'Services > Dynamic DNS > Settings > Accounts > +',
  setUp: ({ host, token, service }) => ({
    fields: {
      Service: 'Custom',
      Protocol: 'DynDNS 2',
      Server: service.authority,
      Username: host,
      Password: token,
      Wildcard: 'off',
      'Hostname(s)': host,
      'Check ip method': 'Interface [IPv4]',
      'Interface to monitor': 'WAN',
      'Force SSL': service.isHttps ? 'on' : 'off',
    },
  }),
  notes: ({ host }) => [
    'Behind another router, choose one of the web services as Check ip method: the address of the interface is private there, and does not change with the public one.',
    ...(host.startsWith('*')
      ? [
          'OPNsense takes no `*` in Username: type another host that has the same token there, and the wildcard under Hostname(s).',
        ]
      : []),
  ],
  https: 'https, by Force SSL',
  ipv6: 'an account of its own, with `Interface [IPv6]`',
  severalHosts: 'all in Hostname(s)',
  evidence: 'source',
}
