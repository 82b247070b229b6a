import type { CertificateForm } from './certificate-type.js'

/** acme.sh sends the login through `printf %b`, which eats a backslash. */
const withoutBackslash = /^[^\\]+$/

/** The clients that have a form, as `--type` lists them. */
export const formTypes: readonly CertificateForm[] = [
  {
    type: 'opnsense',
    client: 'OPNsense (os-acme-client)',
    where: 'Services > ACME Client > Challenge Types > +',
    fields: {
      Name: 'dyndns53',
      'Challenge Type': 'DNS-01',
      'DNS Service': 'Acmeproxy',
      Endpoint: '{url}',
      User: '{host}',
      Password: '{token}',
    },
    notes: [
      'Then under Certificates: Common Name `{domain}`, Alt Names `*.{domain}` for the wildcard too, and Challenge Type `dyndns53`.',
    ],
    calls: '`/present` and `/cleanup`',
    renewal: 'OPNsense, by Auto Renewal and its cron job',
    evidence: 'source',
    acceptedTokens: withoutBackslash,
  },
  {
    type: 'pfsense',
    client: 'pfSense (acme package)',
    where:
      'Services > Acme > Certificates > Add > Domain SAN list, a line for `{domain}` and one for `*.{domain}`',
    fields: {
      Domainname: '{domain}',
      Method: 'DNS-acmeproxy',
      Endpoint: '{url}',
      Username: '{host}',
      Password: '{token}',
    },
    notes: [
      'pfSense runs acme.sh, whose source was read; the form itself was not seen, and its labels may differ from one version of the package to the next. The fields are those that become ACMEPROXY_ENDPOINT, ACMEPROXY_USERNAME and ACMEPROXY_PASSWORD.',
    ],
    calls: '`/present` and `/cleanup`',
    renewal: 'pfSense, by the cron entry of the package',
    evidence: 'source',
    acceptedTokens: withoutBackslash,
  },
]
