import { printableAscii, type SetupValues } from '../setup-type.js'
import type { CertificateFile } from './certificate-type.js'

/** A string of YAML, which takes those of JSON. */
const yaml = JSON.stringify

/** Traefik in Docker Compose; it has lego inside. */
const traefik: CertificateFile = {
  type: 'traefik',
  client: 'Traefik (Docker Compose)',
  where: 'the service of Traefik in `compose.yaml`, mode 600',
  file: { name: 'compose.yaml', text: traefikService },
  notes: [
    'Put your own address in place of YOUR-EMAIL.',
    'A router asks for the certificate by `tls.certresolver=dyndns53`, and for the wildcard by `tls.domains[0].main={domain}` and `tls.domains[0].sans=*.{domain}`.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'Traefik',
  evidence: 'source',
  acceptedTokens: printableAscii,
}

function traefikService({ host, token, url }: SetupValues): string {
  // Compose takes a dollar for the beginning of a variable.
  const value = (text: string) => yaml(text.replaceAll('$', '$$$$'))
  return `services:
  traefik:
    environment:
      HTTPREQ_ENDPOINT: ${value(url)}
      HTTPREQ_USERNAME: ${value(host)}
      HTTPREQ_PASSWORD: ${value(token)}
    command:
      - "--certificatesresolvers.dyndns53.acme.dnschallenge.provider=httpreq"
      - "--certificatesresolvers.dyndns53.acme.email=YOUR-EMAIL"
      - "--certificatesresolvers.dyndns53.acme.storage=/letsencrypt/acme.json"
    volumes:
      - "./letsencrypt:/letsencrypt"
`
}

/** Caddy with the module caddy-dns/acmeproxy. */
const caddy: CertificateFile = {
  type: 'caddy',
  client: 'Caddy (caddy-dns/acmeproxy)',
  where:
    'your `Caddyfile`, mode 600; Caddy needs the module: `xcaddy build --with github.com/caddy-dns/acmeproxy`',
  file: { name: 'Caddyfile', text: caddyfile },
  notes: [
    'Put your own site in place of `reverse_proxy`.',
    'If the name servers of your network answer otherwise than the world’s, add `resolvers 1.1.1.1` below `dns`.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'Caddy',
  evidence: 'source',
  // In quotes, a backslash may escape; braces name variables.
  acceptedTokens: /^[ !#-[\]-z|~]+$/,
}

function caddyfile({ host, domain, token, url }: SetupValues): string {
  return `${domain}, *.${domain} {
	tls {
		dns acmeproxy ${url} {
			username "${host}"
			password "${token}"
		}
	}
	reverse_proxy 127.0.0.1:8080
}
`
}

/** Nginx Proxy Manager with certbot-dns-multi, which has lego inside. */
const nginxProxyManager: CertificateFile = {
  type: 'nginx-proxy-manager',
  client: 'Nginx Proxy Manager',
  where:
    'SSL Certificates > Add SSL Certificate > Let’s Encrypt, via DNS: Domain Names `{domain}` and `*.{domain}`, DNS Provider `DnsMulti`, and this as Credentials File Content',
  file: {
    name: 'dns-multi.ini',
    text: ({ url, host, token }) => `dns_multi_provider = httpreq
HTTPREQ_ENDPOINT = "${url}"
HTTPREQ_USERNAME = "${host}"
HTTPREQ_PASSWORD = "${token}"
`,
  },
  notes: [
    'Leave Propagation Seconds empty: lego looks for the record itself.',
    'certbot with its plug-in certbot-dns-multi reads the same file.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'Nginx Proxy Manager',
  evidence: 'source',
  // Its quotes have no escapes, and a percent sign before a bracket names another value.
  acceptedTokens: /^(?!.*%\()[ !#-&(-[\]-~]+$/,
}

/** Home Assistant's Let's Encrypt app, which has lego inside since April 2026. */
const homeAssistant: CertificateFile = {
  type: 'home-assistant',
  client: 'Home Assistant (Let’s Encrypt app)',
  where: 'Settings > Apps (Add-ons) > Let’s Encrypt > Configuration > Edit in YAML',
  file: {
    name: 'options.yaml',
    text: ({ url, host, domain, token }) => `email: YOUR-EMAIL
domains:
  - ${yaml(domain)}
  - ${yaml(`*.${domain}`)}
certfile: fullchain.pem
keyfile: privkey.pem
challenge: dns
dns:
  provider: dns-httpreq
  httpreq_endpoint: ${yaml(url)}
  httpreq_username: ${yaml(host)}
  httpreq_password: ${yaml(token)}
`,
  },
  notes: [
    'Put your own address in place of YOUR-EMAIL.',
    'Versions before April 2026 do not know `dns-httpreq`.',
  ],
  calls: '`/present` and `/cleanup`',
  renewal: 'the app, each time it is started: start it by an automation',
  evidence: 'documentation',
  acceptedTokens: printableAscii,
}

/** cert-manager in Kubernetes, by its solver for acme-dns. */
const certManager: CertificateFile = {
  type: 'cert-manager',
  client: 'cert-manager (by acme-dns)',
  where: '`kubectl apply -f dyndns53.yaml`, in a cluster with cert-manager',
  file: { name: 'dyndns53.yaml', text: certManagerResources },
  notes: [
    'A Certificate with `issuerRef` kind ClusterIssuer, name dyndns53, and `dnsNames` {domain} and `*.{domain}` gets both.',
    'The Secret is in the namespace of cert-manager itself, as a ClusterIssuer wants it.',
    'acme-dns has no call to clean up: the newest two values stay until a day has passed.',
  ],
  calls: "acme-dns's `/update`",
  renewal: 'cert-manager',
  evidence: 'documentation',
  // The token travels in a header of its own.
  acceptedTokens: printableAscii,
}

function certManagerResources({ host, domain, token, url }: SetupValues): string {
  const account = {
    username: host,
    password: token,
    fulldomain: `_acme-challenge.${domain}`,
    subdomain: host,
  }
  const accounts = JSON.stringify({ [domain]: { ...account, allowfrom: [] } }, null, 2)
  return `apiVersion: v1
kind: Secret
metadata:
  name: dyndns53
  namespace: cert-manager
stringData:
  acmedns.json: |
    ${accounts.replaceAll('\n', '\n    ')}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: dyndns53
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    privateKeySecretRef:
      name: dyndns53-account
    solvers:
      - selector:
          dnsZones:
            - ${yaml(domain)}
        dns01:
          acmeDNS:
            host: ${yaml(url)}
            accountSecretRef:
              name: dyndns53
              key: acmedns.json
`
}

/** The servers that get certificates for themselves, as `--type` lists them. */
export const serverTypes: readonly CertificateFile[] = [
  traefik,
  caddy,
  nginxProxyManager,
  homeAssistant,
  certManager,
]
