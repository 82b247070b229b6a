import type { RouterType, Target } from './router-type.js'

/** curl in a crontab, with a file of its own that keeps the token out of the list of processes. */
export const curl: RouterType = {
  type: 'curl',
  client: 'curl in cron',
  where: '`~/.dyndns53`, mode 600; its first line, without the `#`, belongs into the crontab',
  setUp: (target) => ({ file: { name: '.dyndns53', text: configuration(target) } }),
  notes: ({ service }) => [
    'cron sends a mail when the address changed or something failed.',
    'curl before 7.76 has no `fail-with-body`: write `fail`.',
    `To register an IPv6 address as well: \`url = "${service.url}/nic/update?myip=auto&myipv6=2001:db8::7"\`.`,
  ],
  https: 'https',
  ipv6: '`myipv6=` in the URL',
  severalHosts: '`?hostname=one.example.com,other.example.com` in the URL',
  evidence: 'run',
}

function configuration({ host, token, service }: Target): string {
  return `# */10 * * * * curl -K "$HOME/.dyndns53" | grep -v '^nochg'
url = "${service.url}/nic/update"
user = "${host}:${token.replace(/[\\"]/g, '\\$&')}"
silent
show-error
fail-with-body
max-time = 60
`
}
