import { printableAscii, type RouterType, type Target } from './router-type.js'

/** MikroTik's RouterOS: a script that registers the address that it calls from. */
export const mikrotik: RouterType = {
  type: 'mikrotik',
  client: 'MikroTik RouterOS 6.43 and later',
  where: 'System > Scripts > Add New: Name `dyndns53`, Policy read, write, test, and this as Source',
  setUp: (target) => ({ file: { name: 'dyndns53.rsc', text: script(target) } }),
  notes: ({ service }) => [
    'Then System > Scheduler > Add New: Name `dyndns53`, Interval `00:05:00`, On Event `dyndns53`, and the same Policy. It logs a new address, and what goes wrong.',
    ...(service.isHttps
      ? [
          'Before 7.19, RouterOS has no root certificates: import that of the service, or take `check-certificate=yes-without-crl` out, and anybody on the way can read the token.',
        ]
      : []),
  ],
  https: 'https, `http://` for RouterOS without certificates',
  ipv6: 'no',
  severalHosts: 'a script each',
  evidence: 'documentation',
  holds: printableAscii,
}

function script({ host, token, service: { url, isHttps } }: Target): string {
  const parameters = [
    `mode=${isHttps ? 'https' : 'http'}`,
    // Without a query: a question mark asks for help where a script is pasted into a terminal.
    `url=${quoted(`${url}/nic/update`)}`,
    `user=${quoted(host)}`,
    `password=${quoted(token)}`,
    ...(isHttps ? ['check-certificate=yes-without-crl'] : []),
    'output=user',
    'as-value',
  ]
  return `:do {
  :local answer ([/tool fetch ${parameters.join(' ')}]->"data")
  :if ($answer ~ "^good ") do={ :log info "dyndns53: $answer" }
  :if (!($answer ~ "^(good|nochg) ")) do={ :log error "dyndns53: not registered: $answer" }
} on-error={ :log error "dyndns53: not registered, the service refused it or is out of reach" }
`
}

/** A string of RouterOS. */
function quoted(value: string): string {
  return `"${value.replace(/[\\"$]/g, '\\$&')}"`
}
