import { X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { type Program, startProgram } from '../program.js'

/** A certification authority that speaks ACME: Let's Encrypt's own Pebble, which looks challenges up in the DNS at `dnsServer`. */
export interface Authority {
  /** Its ACME directory. */
  readonly url: string
  /** The file with the certificate of its HTTPS, for clients to trust. */
  readonly tlsCertificate: string
  /** The certificate that all of its chains end with. */
  root(): Promise<X509Certificate>
}

/** Starts Pebble, which lives in `directory` and ends with `endPrograms`. */
export async function startAuthority(directory: string, dnsServer: string): Promise<Authority> {
  const [certificate, privateKey] = [join(directory, 'tls.pem'), join(directory, 'tls.key')]
  await makeTlsCertificate(directory, certificate, privateKey)
  const [port, managementPort, ...challengePorts] = await freePorts(4)
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate,
    privateKey,
    httpPort: challengePorts[0],
    tlsPort: challengePorts[1],
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
  }
  await writeFile(join(directory, 'pebble.json'), JSON.stringify({ pebble }))
  const variables = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' }
  const args = ['-config', 'pebble.json', '-dnsserver', dnsServer]
  await startProgram('pebble', args, directory, variables).hears(/ACME directory available at/)
  return {
    url: `https://127.0.0.1:${port}/dir`,
    tlsCertificate: certificate,
    async root() {
      const ca = await readFile(certificate)
      return new X509Certificate(await fetchText(`https://127.0.0.1:${managementPort}/roots/0`, ca))
    },
  }
}

/** Resolves with what a program said once it has ended well; rejects with it otherwise. */
export async function outputOf(program: Program): Promise<string> {
  const said = await program.ended
  if (program.child.exitCode !== 0) throw new Error(said)
  return said
}

async function makeTlsCertificate(directory: string, certificate: string, key: string): Promise<void> {
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost']
  await outputOf(
    startProgram('openssl', [...args, '-addext', names, '-keyout', key, '-out', certificate], directory),
  )
}

/** Ports that were free a moment ago: Pebble takes no 0. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  const ports = await Promise.all(
    servers.map(async (server) => {
      if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
      return (server.address() as AddressInfo).port
    }),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

function fetchText(url: string, ca: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { ca }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    }).on('error', reject)
  })
}
