import type { RouterType } from './router-type.js'

/** Synology's DSM. */
export const synology: RouterType = {
  type: 'synology',
  client: 'Synology DSM',
  where: 'Control Panel > External Access > DDNS: first Customize Provider, then Add',
  setUp: ({ host, token, service }) => ({
    fields: {
      'Service Provider': 'dyndns53',
      'Query URL': `${service.url}/nic/update?hostname=__HOSTNAME__&myip=__MYIP__`,
      Hostname: host,
      'Username/Email': host,
      'Password/Key': token,
    },
  }),
  notes: () => [
    'The first two fields are those of the provider, and the others those of the entry that uses it. The words between underscores are typed as they stand.',
    'DSM sends the login in a header. Do not put `__PASSWORD__` into the Query URL: the logs of proxies would have it.',
    'Test Connection registers the address, too.',
  ],
  https: 'https',
  ipv6: 'no',
  severalHosts: 'an entry each',
  evidence: 'documentation',
}
