import type { RouterType, Target } from './router-type.js'

/** inadyn 2.x and its `custom` provider. */
export const inadyn: RouterType = {
  type: 'inadyn',
  client: 'inadyn 2.x',
  where: '`/etc/inadyn.conf`, mode 640, of the group that it runs as (Debian: debian-inadyn)',
  setUp: (target) => ({ file: { name: 'inadyn.conf', text: configuration(target) } }),
  notes: () => [
    'inadyn ends on an answer such as `401 badauth`, and stays ended: start it again when the token is right, or run it with `--continue-on-error`.',
  ],
  https: 'https',
  ipv6: 'a `custom` section of its own, with `checkip-command`, and `allow-ipv6 = true` at the top',
  severalHosts: '`hostname = { "one.example.com", "other.example.com" }`',
  evidence: 'run',
  // A longer one is cut off, or left out.
  holds: /^[ -~]{1,255}$/,
}

function configuration({ host, token, service: { authority, isHttps } }: Target): string {
  return `period = 300

custom dyndns53 {
    ssl            = ${isHttps}
    username       = ${quoted(host)}
    password       = ${quoted(token)}
    checkip-server = ${quoted(authority)}
    checkip-path   = "/check_ip"
    checkip-ssl    = ${isHttps}
    ddns-server    = ${quoted(authority)}
    ddns-path      = "/nic/update?hostname=%h&myip=%i"
    hostname       = ${quoted(host)}
}
`
}

/** A string of inadyn.conf, in which \${NAME} would be replaced by a variable of the environment. */
function quoted(value: string): string {
  return `"${value.replace(/[\\"$]/g, '\\$&')}"`
}
