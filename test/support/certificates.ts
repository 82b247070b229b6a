import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A certificate and its key, in PEM. */
export interface CertificateFiles {
  readonly certificateFile: string
  readonly keyFile: string
  read(): Promise<{ certificate: string; key: string }>
}

/** Signs certificates by a root of its own. */
export interface TestRoot extends CertificateFiles {
  /** One for these names, such as `IP:127.0.0.1`, or for a client; `days` below 0: it has expired. */
  sign(subject: string, names?: string, days?: number): Promise<CertificateFiles>
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Makes a root by openssl, in files of this directory that begin with `name`; its certificate is one for `names` too. */
export async function makeRoot(
  directory: string,
  name: string,
  names = 'DNS:root.example',
): Promise<TestRoot> {
  const root = filesAt(directory, name)
  const extensions = ['-addext', `subjectAltName=${names}`, '-days', '1']
  await run('openssl', [
    'req',
    '-x509',
    ...curve,
    ...['-keyout', root.keyFile, '-out', root.certificateFile, '-subj', `/CN=${name}`],
    ...extensions,
  ])
  let signed = 0
  return {
    ...root,
    async sign(subject, names, days = 1) {
      const files = filesAt(directory, `${name}-${++signed}`)
      const request = join(directory, `${name}-${signed}.csr`)
      await run('openssl', [
        'req',
        ...curve,
        '-keyout',
        files.keyFile,
        '-out',
        request,
        '-subj',
        `/CN=${subject}`,
      ])
      const extensions = join(directory, `${name}-${signed}.cnf`)
      await writeFile(extensions, names ? `subjectAltName=${names}\n` : '')
      await run('openssl', [
        ...['x509', '-req', '-in', request, '-out', files.certificateFile, '-days', String(days)],
        ...['-CA', root.certificateFile, '-CAkey', root.keyFile, '-CAcreateserial', '-extfile', extensions],
      ])
      return files
    },
  }
}

function filesAt(directory: string, name: string): CertificateFiles {
  const certificateFile = join(directory, `${name}.pem`)
  const keyFile = join(directory, `${name}.key`)
  return {
    certificateFile,
    keyFile,
    read: async () => ({
      certificate: await readFile(certificateFile, 'utf8'),
      key: await readFile(keyFile, 'utf8'),
    }),
  }
}
