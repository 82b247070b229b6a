import type { RouterType } from './router-type.js'

/** DD-WRT, old and new. */
export const ddwrt: RouterType = {
  type: 'ddwrt',
  client: 'DD-WRT',
  where: 'Setup > DDNS',
  setUp: ({ host, token, service }) => ({
    fields: {
      'DDNS Service': 'Custom',
      'DYNDNS Server': service.authority,
      'User Name': host,
      Password: token,
      'Host Name': host,
      URL: '/nic/update?hostname=',
      ...(service.isHttps && { 'Use SSL': 'on' }),
    },
  }),
  notes: () => [
    'URL ends with `=`: DD-WRT adds the host name. The service registers the address that the call comes from.',
    'Builds without Use SSL speak plain http. Old ones take 32 characters in DYNDNS Server and in Password: the name of a Heroku app is longer, so give the app a domain of its own.',
  ],
  https: 'https by Use SSL; old builds only plain http',
  ipv6: 'no',
  severalHosts: 'with spaces between them in Host Name; one in old builds',
  evidence: 'source',
}
