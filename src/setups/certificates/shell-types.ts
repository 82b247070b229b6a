import { printableAscii, type SetupValues, shellWord } from '../setup-type.js'
import type { CertificateFile } from './certificate-type.js'

/** A token that means nothing else to any file or shell: those that `add-host` makes are such. */
const plainToken = /^[\w.~+/=@:,-]+$/

/** lego on its own, which is also what Traefik and others are built on. */
const lego: CertificateFile = {
  type: 'lego',
  client: 'lego',
  where: '`~/.dyndns53-lego`, mode 600, read by `. ~/.dyndns53-lego` before lego is run',
  file: { name: 'dyndns53-lego', text: (values) => exports('HTTPREQ', values) },
  notes: [
    "lego 5: `lego run --accept-tos --email YOU --dns httpreq -d {domain} -d '*.{domain}'`.",
    "lego 4: `lego --accept-tos --email YOU --dns httpreq -d {domain} -d '*.{domain}' run`.",
    'It looks for the record itself before it lets the authority look: for 60 seconds, or as HTTPREQ_PROPAGATION_TIMEOUT says.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: '`lego renew` (5: `lego run` again), daily in cron',
  evidence: 'source',
  acceptedTokens: printableAscii,
}

/** acme.sh, which saves the login for renewals. */
const acmesh: CertificateFile = {
  type: 'acmesh',
  client: 'acme.sh',
  where: '`~/.dyndns53-acme`, mode 600, read by `. ~/.dyndns53-acme` before acme.sh is run the first time',
  file: { name: 'dyndns53-acme', text: (values) => exports('ACMEPROXY', values) },
  notes: [
    "Then once: `acme.sh --issue --server letsencrypt --dns dns_acmeproxy -d {domain} -d '*.{domain}'`.",
    'It saves the three values in `account.conf`, so one account of acme.sh serves one host of the service.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'acme.sh, by its own cron job',
  evidence: 'source',
  // It sends the login through printf %b, which eats a backslash.
  acceptedTokens: /^[ -[\]-~]+$/,
}

function exports(prefix: string, { host, token, url }: SetupValues): string {
  return `export ${prefix}_ENDPOINT=${shellWord(url)}
export ${prefix}_USERNAME=${shellWord(host)}
export ${prefix}_PASSWORD=${shellWord(token)}
`
}

/** certbot's manual plug-in with one script for both hooks; curl reads the login where no list of processes shows it. */
const certbot: CertificateFile = {
  type: 'certbot',
  client: 'certbot (hooks with curl)',
  where: '`/etc/letsencrypt/dyndns53`, mode 700',
  file: { name: 'dyndns53', text: certbotHook },
  notes: [
    "Then once: `certbot certonly --manual --preferred-challenges dns --manual-auth-hook '/etc/letsencrypt/dyndns53 present' --manual-cleanup-hook '/etc/letsencrypt/dyndns53 cleanup' -d {domain} -d '*.{domain}'`.",
    'certbot does not look for the record itself, so the script waits 60 seconds after each: Route 53 answers everywhere by then.',
    'curl before 7.76 has no `--fail-with-body`: write `--fail`.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'certbot, by its timer: it remembers the hooks',
  evidence: 'documentation',
}

function certbotHook({ host, token, url }: SetupValues): string {
  return `#!/bin/sh
# Called by certbot, with present or cleanup.
case $1 in present | cleanup) ;; *) exit 2 ;; esac
curl --silent --show-error --fail-with-body --max-time 60 --config - \\
  --header 'Content-Type: application/json' \\
  --data "{\\"fqdn\\":\\"_acme-challenge.$CERTBOT_DOMAIN.\\",\\"value\\":\\"$CERTBOT_VALIDATION\\"}" \\
  "${url}/$1" << 'END' || exit 1
user = "${host}:${token.replace(/[\\"]/g, '\\$&')}"
END
test "$1" != present || sleep 60
`
}

/** Proxmox VE, which runs the DNS scripts of acme.sh. */
const proxmox: CertificateFile = {
  type: 'proxmox',
  client: 'Proxmox VE',
  where:
    'Datacenter > ACME > Challenge Plugins > Add: Plugin ID `dyndns53`, DNS API `acmeproxy`, and this as API Data',
  file: {
    name: 'dyndns53.env',
    text: ({ url, host, token }) => `ACMEPROXY_ENDPOINT=${url}
ACMEPROXY_USERNAME=${host}
ACMEPROXY_PASSWORD=${token}
`,
  },
  notes: [
    'Then at the node: System > Certificates > ACME > Add: Challenge Type `DNS`, Plugin `dyndns53`, Domain `{domain}`.',
    'By its shell, with this in a file: `pvenode acme plugin add dns dyndns53 --api acmeproxy --data FILE`, `pvenode config set --acmedomain0 domain={domain},plugin=dyndns53`, `pvenode acme cert order`.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'Proxmox VE, by its daily timer',
  evidence: 'source',
  acceptedTokens: plainToken,
}

/** Posh-ACME with a registration made by hand, so that it asks the service for none. */
const poshAcme: CertificateFile = {
  type: 'posh-acme',
  client: 'Windows (Posh-ACME, by acme-dns)',
  where: '`dyndns53.ps1`, run in PowerShell with the module Posh-ACME installed',
  file: { name: 'dyndns53.ps1', text: poshAcmeScript },
  notes: [
    'Install-Module Posh-ACME installs it, and `Set-PAServer LE_PROD` chooses Let’s Encrypt.',
    'win-acme speaks acme-dns as well, but it insists on registering an account, which the service refuses, and on a CNAME at the name.',
    'acme-dns has no call to clean up: the newest two values stay until a day has passed.',
  ],
  calls: "acme-dns's `/update`",
  renewal: '`Submit-Renewal` in a daily task: it remembers the rest',
  evidence: 'source',
  // The token travels in a header of its own.
  acceptedTokens: printableAscii,
}

function poshAcmeScript({ host, domain, token, url }: SetupValues): string {
  const word = (value: string) => `'${value.replaceAll("'", "''")}'`
  return `$registration = @{
    ${word(`_acme-challenge.${domain}`)} = @(
        ${word(host)}
        ${word(host)}
        ${word(token)}
        ${word(`_acme-challenge.${domain}`)}
    )
}
$arguments = @{ ACMEUri = ${word(url)}; ACMERegistration = $registration }
New-PACertificate ${word(domain)},${word(`*.${domain}`)} -AcceptTOS -Plugin AcmeDns -PluginArgs $arguments
`
}

/** The clients that run a script or read a file for the shell, as `--type` lists them. */
export const shellTypes: readonly CertificateFile[] = [lego, acmesh, certbot, proxmox, poshAcme]
