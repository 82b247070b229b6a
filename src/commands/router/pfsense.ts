import type { RouterType } from './router-type.js'

/** pfSense and its custom entries. */
export const pfsense: RouterType = {
  type: 'pfsense',
  client: 'pfSense',
  where: 'Services > Dynamic DNS > Dynamic DNS Clients > Add',
  setUp: ({ host, token, service }) => ({
    fields: {
      'Service Type': 'Custom',
      'Interface to monitor': 'WAN',
      ...(service.isHttps && { 'Verify SSL Certificate Trust': 'on' }),
      Username: host,
      Password: token,
      'Update URL': `${service.url}/nic/update?hostname=${host}&myip=%IP%`,
      'Result Match': 'good %IP%|nochg %IP%',
    },
  }),
  notes: () => ['Do not leave Result Match empty: then pfSense takes any answer for a success.'],
  https: 'https',
  ipv6: 'a client of its own, of the type `Custom (v6)`',
  severalHosts: 'a client each, as Result Match has one line',
  evidence: 'source',
}
