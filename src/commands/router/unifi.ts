import type { RouterType } from './router-type.js'

/** UniFi gateways that run inadyn. */
export const unifi: RouterType = {
  type: 'unifi',
  client: 'UniFi gateways (UDM, UXG, UCG)',
  where: 'Settings > Internet > the WAN > Dynamic DNS > Create New',
  setUp: ({ host, token, service }) => ({
    fields: {
      Service: 'custom',
      Hostname: host,
      Username: host,
      Password: token,
      Server: `${service.authority}/nic/update?hostname=%h&myip=%i`,
    },
  }),
  notes: ({ service }) => [
    '`%i` is the address of the WAN interface. Behind another router, or where the provider shares addresses, that one is private, and the service takes the address that the call comes from in its place. Leave `&myip=%i` out only if the service runs with `DYNDNS_ALLOW_PRIVATE=true`.',
    `On a USG or an EdgeRouter, which run ddclient, Server is \`${service.authority}\` alone.`,
    ...(service.isHttps ? [] : ['The gateway calls https, so this service needs a proxy for that in front.']),
  ],
  https: 'https, by itself: Server has no `https://`',
  ipv6: 'no',
  severalHosts: '`hostname=%h,other.example.com` in Server',
  evidence: 'documentation',
}
