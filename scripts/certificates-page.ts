import type { CertificateType } from '../src/setups/certificates/certificate-type.js'
import { certificateTypes } from '../src/setups/certificates/certificate-types.js'
import { setupPage } from './setup-page.js'

const evidence: Readonly<Record<CertificateType['evidence'], string>> = {
  run: 'run here in the tests',
  source: 'from its source code',
  documentation: 'from its documentation',
}

const introduction = `# Certificates

For whoever wants a certificate of Let's Encrypt for a host, also where port 80 is closed or the address is shared.

<!-- Made by \`npm run docs\` from src/setups/certificates/: change it there. -->

Let's Encrypt believes that a name is yours when it finds a value that it chose in the TXT record \`_acme-challenge.NAME\` (DNS-01).
With its login, a host may set that record for itself, and no other. Its certificate may hold the host's name and the wildcard
below it: \`home.dyndns.mydomain.com\` and \`*.home.dyndns.mydomain.com\`, in one order or two.

For a host in the database, \`dyndns53 certificate\` prints what to type or to save, with its token in it (a placeholder where the
database holds only a hash):

\`\`\`
npx dyndns53 certificate home.dyndns.mydomain.com --type caddy --url https://APP
\`\`\`

Without \`--url\` it takes \`DYNDNS_URL\` from the environment; without \`--type\` it lists the types. The setup comes on standard
output and the notes on standard error; \`--json\` is for scripts. On this page, \`APP\` is the host name of your service,
\`home.dyndns.mydomain.com\` the host and \`TOKEN\` its token. The owner of the service allows TXT records in
[the policy of its AWS key](deploy-heroku.md#what-the-policy-allows), or turns certificates off.

A client that is not here needs one of two protocols. lego's \`httpreq\`, which others call acmeproxy, is \`POST /present\` and
\`POST /cleanup\` with the login by Basic. acme-dns is \`POST /update\` with the host as user and as subdomain and the token as
password; its \`/register\` is refused, as the database says who there is.

## Two traps

**A token that travels over plain HTTP can be read.** For an address that is a nuisance. Here whoever has read the token can have a
certificate for your name, and browsers will believe it. So use https in these clients. Where an old modem sends the same token over
http, that is no help: write the CAA record below, or certify another host that has a token of its own.

**Let's Encrypt issues to whoever shows the value, whatever account they have.** A CAA record that names your account (RFC 8657)
narrows what a stolen token can do: the thief's account gets nothing. The owner of the zone writes it, as the service never does:

\`\`\`
home.dyndns.mydomain.com. CAA 0 issue "letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/12345678"
\`\`\`

Each client shows its account's address somewhere: lego and certbot in their folder of accounts, acme.sh in \`ca.conf\`. Write the
record after the first certificate. Two clients with accounts of their own need a record each.

## A name elsewhere

A name in somebody else's zone, such as \`www.example.org\`, is certified by a CNAME onto the challenge of a host here. It is written
once, by hand:

\`\`\`
_acme-challenge.www.example.org. CNAME _acme-challenge.home.dyndns.mydomain.com.
\`\`\`

- lego, and so Traefik, Nginx Proxy Manager and Home Assistant, follow it by themselves: just ask for \`www.example.org\`.
- acme.sh wants to be told: \`--challenge-alias home.dyndns.mydomain.com\`. So does Caddy, in \`tls\`:
  \`dns_challenge_override_domain _acme-challenge.home.dyndns.mydomain.com\`.
- cert-manager and Posh-ACME look up an account by the name: write \`www.example.org\` in place of the host where it stands as a key
  (and in cert-manager's \`dnsZones\`), and leave the four values as they are.
- In certbot's script, write \`home.dyndns.mydomain.com\` in place of \`$CERTBOT_DOMAIN\`.

The other way round, a CNAME at the \`_acme-challenge\` of a host here is refused: the service writes only below the hosts of its database.

## Clients
`

/** docs/certificates.md as it is to be, in Markdown. */
export function certificatesPage(): string {
  return setupPage(introduction, certificateTypes, (type) => [
    ['Calls', type.calls],
    ['Renewal', type.renewal],
    ['Printed by', `\`dyndns53 certificate HOST --type ${type.type}\``],
    ['Evidence', evidence[type.evidence]],
  ])
}
