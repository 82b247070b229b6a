import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Login } from '../../support/request.js'
import type { Installable } from '../client.js'
import { startProgram } from '../program.js'
import { type Authority, outputOf } from './authority.js'

/** Where a client asks for a certificate, and where it proves that the names are its own. */
export interface Order {
  readonly authority: Authority
  /** A directory of its own. */
  readonly directory: string
  /** The URL of the service, without a slash at the end. */
  readonly service: string
  readonly login: Login
  /** The DNS server that it may ask for itself, as host:port. */
  readonly dnsServer: string
  /** The first of them names the certificate. */
  readonly names: readonly string[]
}

/** An ACME client that people run. */
export interface AcmeClient extends Installable {
  /** Gets the certificate; resolves with its chain in PEM, the leaf first. Rejects with what the client said. */
  issue(order: Order): Promise<string>
}

const email = 'owner@example.com'

const aboutLego = { program: 'lego', versionArguments: ['--version'], version: /lego version (\S+)/ }

/** lego, as in Traefik. */
export const lego: AcmeClient = {
  ...aboutLego,
  name: 'lego by httpreq',
  issue: (order) => runLego(order, { HTTPREQ_ENDPOINT: order.service }),
}

/** The same in its RAW mode, with a path in the endpoint. */
export const legoRaw: AcmeClient = {
  ...aboutLego,
  name: 'lego by httpreq in RAW mode',
  issue: (order) => runLego(order, { HTTPREQ_ENDPOINT: `${order.service}/acme`, HTTPREQ_MODE: 'RAW' }),
}

/** certbot with hooks that call curl. */
export const certbot: AcmeClient = {
  name: 'certbot',
  program: 'certbot',
  versionArguments: ['--version'],
  version: /certbot ([\d.]+)/,
  async issue(order) {
    const { authority, directory, names } = order
    const [present, cleanup] = await Promise.all(
      ['present', 'cleanup'].map((path) =>
        writeScript(order, `${path}.sh`, callOf(order, path, '$CERTBOT_DOMAIN', '$CERTBOT_VALIDATION')),
      ),
    )
    const folders = ['config', 'work', 'logs'].map((kind) => `--${kind}-dir=${join(directory, kind)}`)
    const hooks = [`--manual-auth-hook=${present}`, `--manual-cleanup-hook=${cleanup}`]
    const args = [
      ...['certonly', '--manual', '--preferred-challenges=dns', '--non-interactive', '--agree-tos'],
      ...[`--email=${email}`, '--no-eff-email', `--server=${authority.url}`, ...folders, ...hooks],
      ...names.map((name) => `--domain=${name}`),
    ]
    const variables = { REQUESTS_CA_BUNDLE: authority.tlsCertificate }
    await outputOf(startProgram('certbot', args, directory, variables))
    return readFile(join(directory, 'config', 'live', names[0] ?? '', 'fullchain.pem'), 'utf8')
  },
}

/** dehydrated with a hook that calls curl. */
export const dehydrated: AcmeClient = {
  name: 'dehydrated',
  program: 'dehydrated',
  versionArguments: ['--version'],
  version: /Dehydrated version: ([\d.]+)/,
  async issue(order) {
    const { authority, directory, names } = order
    const cases = [
      `deploy_challenge) ${callOf(order, 'present', '$2', '$4')} ;;`,
      `clean_challenge) ${callOf(order, 'cleanup', '$2', '$4')} ;;`,
    ]
    const hook = await writeScript(order, 'hook.sh', `case "$1" in\n${cases.join('\n')}\nesac`)
    const settings = {
      CA: authority.url,
      CHALLENGETYPE: 'dns-01',
      HOOK: hook,
      BASEDIR: directory,
      CONTACT_EMAIL: email,
      KEYSIZE: '2048',
      CURL_OPTS: `--cacert ${authority.tlsCertificate}`,
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`)
    await writeFile(join(directory, 'config'), lines.join(''))
    const common = ['--config', join(directory, 'config')]
    await outputOf(startProgram('dehydrated', [...common, '--register', '--accept-terms'], directory))
    const domains = names.flatMap((name) => ['--domain', name])
    await outputOf(startProgram('dehydrated', [...common, '--cron', ...domains], directory))
    return readFile(join(directory, 'certs', names[0] ?? '', 'fullchain.pem'), 'utf8')
  },
}

async function runLego(
  { authority, directory, login, dnsServer, names }: Order,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const args = [
    ...['--server', authority.url, '--accept-tos', '--email', email, '--path', directory],
    ...['--dns', 'httpreq', '--dns.resolvers', dnsServer, '--dns.disable-cp'],
    ...names.flatMap((name) => ['--domains', name]),
    'run',
  ]
  const all = {
    LEGO_CA_CERTIFICATES: authority.tlsCertificate,
    HTTPREQ_USERNAME: login.user,
    HTTPREQ_PASSWORD: login.token,
    HTTPREQ_POLLING_INTERVAL: '1',
    ...variables,
  }
  await outputOf(startProgram('lego', args, directory, all))
  return readFile(join(directory, 'certificates', `${names[0]}.crt`), 'utf8')
}

/** curl as it stands in a hook; a failure ends the hook with an error. */
function callOf({ service, login }: Order, path: string, domain: string, value: string): string {
  const json = `{\\"fqdn\\":\\"_acme-challenge.${domain}\\",\\"value\\":\\"${value}\\"}`
  return `curl -q -sS --fail-with-body -u '${login.user}:${login.token}' -d "${json}" ${service}/${path}`
}

async function writeScript({ directory }: Order, name: string, text: string): Promise<string> {
  const file = join(directory, name)
  await writeFile(file, `#!/bin/sh\nset -e\n${text}\n`)
  await chmod(file, 0o755)
  return file
}
