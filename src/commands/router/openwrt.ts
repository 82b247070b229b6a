import { printableAscii, type RouterType, type Service, type Target } from './router-type.js'

/** OpenWrt with ddns-scripts: a service file, so that the answer is looked at, and the section that uses it. */
export const openwrt: RouterType = {
  type: 'openwrt',
  client: 'OpenWrt (ddns-scripts)',
  where: 'commands for its shell, with the package ddns-scripts installed',
  setUp: (target) => ({ file: { name: 'dyndns53.sh', text: commands(target) } }),
  notes: ({ service }) => [
    'The service file is there for its `answer`: with an `update_url` alone and curl, ddns-scripts takes any answer for a success. For it to outlive an upgrade, add its path to `/etc/sysupgrade.conf`.',
    `Versions without \`/usr/share/ddns\` have no such files: there, leave \`service_name\` out and set \`update_url\` to \`${updateUrl(service)}\`.`,
    `Behind another router, set \`ip_source\` to \`web\` and \`ip_url\` to \`${service.url}/check_ip\`: ddns-scripts does not send a private address.`,
    'For IPv6, add a second section with `use_ipv6=1`, and `wan6` for `interface` and `ip_network`.',
  ],
  https: 'https, with `ca-bundle` and wget-ssl, curl or uclient-fetch; `http://` without',
  ipv6: 'a section of its own',
  severalHosts: 'a section each',
  evidence: 'source',
  // It encodes printable ASCII only, by an awk that reads backslashes.
  holds: new RegExp(`(?!.*\\\\)${printableAscii.source}`),
}

function commands({ host, token, service }: Target): string {
  const options = {
    enabled: '1',
    service_name: 'dyndns53',
    domain: host,
    // Looked up in the DNS to see whether the update has arrived; an asterisk is refused there.
    lookup_host: host.replace('*', 'any'),
    username: host,
    password: token,
    ...(service.isHttps && { use_https: '1', cacert: '/etc/ssl/certs/ca-certificates.crt' }),
    interface: 'wan',
    ip_source: 'network',
    ip_network: 'wan',
  }
  const entry = { url: updateUrl(service), answer: 'good|nochg' }
  return `mkdir -p /usr/share/ddns/custom
cat > /usr/share/ddns/custom/dyndns53.json << 'END'
${JSON.stringify({ name: 'dyndns53', ipv4: entry, ipv6: entry }, null, 2)}
END
uci set ddns.dyndns53='service'
${Object.entries(options)
  .map(([name, value]) => `uci set ddns.dyndns53.${name}=${quoted(value)}`)
  .join('\n')}
uci commit ddns
/etc/init.d/ddns restart
`
}

function updateUrl({ url }: Service): string {
  return url.replace('://', '://[USERNAME]:[PASSWORD]@').concat('/nic/update?hostname=[DOMAIN]&myip=[IP]')
}

/** A word of the shell. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
