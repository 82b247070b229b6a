import type { RouterFile } from './router-type.js'
import { printableAscii, type SetupValues, shellWord } from './setup-type.js'

/** OpenWrt with ddns-scripts: a service file, so that the answer is looked at, and the section that uses it. */
const openwrt: RouterFile = {
  type: 'openwrt',
  client: 'OpenWrt (ddns-scripts)',
  where: 'commands for its shell, with the package ddns-scripts installed',
  file: { name: 'dyndns53.sh', text: openwrtCommands },
  notes: [
    'The commands begin with a call that registers the host, and print its answer. ddns-scripts looks the name up before its own first call, and where there is no such name it looks again each minute and never calls. Run those first lines again after `offline=YES`, and whenever the host has lost its records.',
    'A resolver that was asked for the name before it had a record may say for up to 15 minutes that there is none. ddns-scripts goes on by itself after that.',
    'The service file is there for its `answer`: with an `update_url` alone and curl, ddns-scripts takes any answer for a success. For it to outlive an upgrade, add its path to `/etc/sysupgrade.conf`.',
    'Versions without `/usr/share/ddns` have no such files: there, leave `service_name` out and set `update_url` to `{scheme}://[USERNAME]:[PASSWORD]@{authority}/nic/update?hostname=[DOMAIN]&myip=[IP]`.',
    'Behind another router, set `ip_source` to `web` and `ip_url` to `{url}/check_ip`: ddns-scripts does not send a private address.',
    'For IPv6, repeat the `uci set` lines for a section `ddns.dyndns53_6`, with `use_ipv6` 1, `interface` wan6, `ip_source` interface, as `ip_interface` the device of wan6 (`l3_device` in `ifstatus wan6`), and without `ip_network`. With `ip_source` network, ddns-scripts binds its call to the IPv6 address; GNU wget then cannot reach a service that has IPv4 alone, as on Heroku, while curl and uclient-fetch can.',
  ],
  https: 'https, with `ca-bundle` and wget-ssl, curl or uclient-fetch; `http://` without',
  ipv6: 'a section of its own',
  severalHosts:
    'a section each, and each registered once as in the first lines: of a list, ddns-scripts takes an answer that is good for one host as good for all',
  evidence: 'source',
  // It encodes printable ASCII only, by an awk that reads backslashes.
  acceptedTokens: new RegExp(`(?!.*\\\\)${printableAscii.source}`),
}

function openwrtCommands({ host, token, scheme, authority, url }: SetupValues): string {
  const options = {
    enabled: '1',
    service_name: 'dyndns53',
    domain: host,
    // Looked up in the DNS to see whether the update has arrived; an asterisk is refused there.
    lookup_host: host.replace('*', 'any'),
    username: host,
    ...(scheme === 'https' && { use_https: '1', cacert: '/etc/ssl/certs/ca-certificates.crt' }),
    interface: 'wan',
    ip_source: 'network',
    ip_network: 'wan',
  }
  const entry = {
    url: `${scheme}://[USERNAME]:[PASSWORD]@${authority}/nic/update?hostname=[DOMAIN]&myip=[IP]`,
    answer: 'good|nochg',
  }
  // GNU wget and uclient-fetch, OpenWrt's own wget, both know these options.
  return `token=${shellWord(token)}
wget -4 -q -O - --user=${shellWord(host)} --password="$token" ${shellWord(`${url}/nic/update`)} || echo 'Not registered: ddns-scripts will wait until it is.'
echo

mkdir -p /usr/share/ddns/custom
cat > /usr/share/ddns/custom/dyndns53.json << 'END'
${JSON.stringify({ name: 'dyndns53', ipv4: entry, ipv6: entry }, null, 2)}
END
uci set ddns.dyndns53='service'
uci set ddns.dyndns53.password="$token"
${Object.entries(options)
  .map(([name, value]) => `uci set ddns.dyndns53.${name}=${shellWord(value)}`)
  .join('\n')}
uci commit ddns
/etc/init.d/ddns restart
`
}

/** MikroTik's RouterOS: a script that registers the address that it calls from. */
const mikrotik: RouterFile = {
  type: 'mikrotik',
  client: 'MikroTik RouterOS 6.43 and later',
  where: 'System > Scripts > Add New: Name `dyndns53`, Policy read, write, test, and this as Source',
  file: { name: 'dyndns53.rsc', text: mikrotikScript },
  notes: [
    'Then System > Scheduler > Add New: Name `dyndns53`, Interval `00:05:00`, On Event `dyndns53`, and the same Policy. It logs a new address, and what goes wrong.',
    'For https: before 7.19, RouterOS has no root certificates. Import that of the service, or take `check-certificate=yes-without-crl` out, and anybody on the way can read the token.',
  ],
  https: 'https, `http://` for RouterOS without certificates',
  ipv6: 'no',
  severalHosts: 'a script each',
  evidence: 'documentation',
  acceptedTokens: printableAscii,
}

function mikrotikScript({ host, token, url, scheme }: SetupValues): string {
  const parameters = [
    `mode=${scheme}`,
    // Without a query: a question mark asks for help where a script is pasted into a terminal.
    `url=${escapedString(`${url}/nic/update`)}`,
    `user=${escapedString(host)}`,
    `password=${escapedString(token)}`,
    ...(scheme === 'https' ? ['check-certificate=yes-without-crl'] : []),
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

/** ddclient, with settings that 3.9 to 4.x all know. */
const ddclient: RouterFile = {
  type: 'ddclient',
  client: 'ddclient 3.9 to 4.x',
  where: '`/etc/ddclient.conf`, mode 600',
  file: { name: 'ddclient.conf', text: ddclientConf },
  notes: [
    'The quotes around the password are part of it: what is between them is taken as it is.',
    "For https, ddclient before 3.11 needs Perl's IO::Socket::SSL (Debian: `libio-socket-ssl-perl`).",
    'For IPv6 as well, 3.11 and later take `usev4=webv4, webv4={url}/check_ip` and `usev6=ifv6, ifv6=eth0` in place of the second line.',
  ],
  https: 'https',
  ipv6: 'from 3.11',
  severalHosts: 'a list with commas in the last line',
  evidence: 'run',
  // It would take that for the beginning of another password.
  acceptedTokens: /^(?!.*\s.*password)/,
}

function ddclientConf({ host, token, url, authority, scheme }: SetupValues): string {
  return `protocol=dyndns2
use=web, web=${url}/check_ip
ssl=${scheme === 'https' ? 'yes' : 'no'}
server=${authority}
login=${host}
password='${token}'
${host}
`
}

/** inadyn 2.x and its `custom` provider. */
const inadyn: RouterFile = {
  type: 'inadyn',
  client: 'inadyn 2.x',
  where: '`/etc/inadyn.conf`, mode 640, of the group that it runs as (Debian: debian-inadyn)',
  file: { name: 'inadyn.conf', text: inadynConf },
  notes: [
    'inadyn ends on `401 badauth`, and stays ended, for its other hosts as well: start it again when the token is right, or run it with `--continue-on-error`. On `500 nohost` and `500 notfqdn` it says "Temporary error" and tries again every 10 minutes, and the hosts behind that one in its list wait with it: look into the log of the service.',
  ],
  https: 'https',
  ipv6: 'a `custom` section of its own, with `checkip-command`, and `allow-ipv6 = true` at the top',
  severalHosts:
    '`hostname = { "one.example.com", "other.example.com" }`, from 2.9.1: an older one (Ubuntu 22.04 has 2.8.1) glues the second name to the address in its second request, which the service cannot read',
  evidence: 'run',
  // A longer one is cut off, or left out.
  acceptedTokens: /^[ -~]{1,255}$/,
}

function inadynConf({ host, token, authority, scheme }: SetupValues): string {
  const isHttps = scheme === 'https'
  return `period = 300

custom dyndns53 {
    ssl            = ${isHttps}
    username       = ${escapedString(host)}
    password       = ${escapedString(token)}
    checkip-server = ${escapedString(authority)}
    checkip-path   = "/check_ip"
    checkip-ssl    = ${isHttps}
    ddns-server    = ${escapedString(authority)}
    ddns-path      = "/nic/update?hostname=%h&myip=%i"
    hostname       = ${escapedString(host)}
}
`
}

/** curl in a crontab, with a file of its own that keeps the token out of the list of processes. */
const curl: RouterFile = {
  type: 'curl',
  client: 'curl in cron',
  where: '`~/.dyndns53`, mode 600; its first line, without the `#`, belongs into the crontab',
  file: { name: '.dyndns53', text: curlConfig },
  notes: [
    'cron sends a mail when the address changed or something failed.',
    'curl before 7.76 has no `fail-with-body`: write `fail`.',
    'To register an IPv6 address as well: `url = "{url}/nic/update?myip=auto&myipv6=2001:db8::7"`.',
  ],
  https: 'https',
  ipv6: '`myipv6=` in the URL',
  severalHosts: '`?hostname=one.example.com,other.example.com` in the URL',
  evidence: 'run',
}

function curlConfig({ host, token, url }: SetupValues): string {
  return `# */10 * * * * curl -K "$HOME/.dyndns53" | grep -v '^nochg'
url = "${url}/nic/update"
user = "${host}:${token.replace(/[\\"]/g, '\\$&')}"
silent
show-error
fail-with-body
max-time = 60
`
}

/** A string of RouterOS and of inadyn.conf: in both, an unescaped dollar would begin the name of a variable. */
function escapedString(value: string): string {
  return `"${value.replace(/[\\"$]/g, '\\$&')}"`
}

/** The clients that read a file or run a script, as `--type` lists them. */
export const fileTypes: readonly RouterFile[] = [openwrt, mikrotik, ddclient, inadyn, curl]
