import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, inflateSync } from 'node:zlib'

/** What an agent sent in one call. */
export interface Sent {
  /** Such as `log_event_data`. */
  readonly method: string
  /** Whole, and readable. */
  readonly body: string
  readonly headers: string
}

/** A New Relic collector on 127.0.0.1 that takes whatever an agent sends. */
export interface Collector {
  readonly sent: readonly Sent[]
  /** What the built server needs to send there, and to trust it. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Of the length that a licence key has; no secret of ours, but nobody's business either. */
export const licenceKey = 'canary0licence0key0of0forty0characters00'

/** Keeps an agent from asking the clouds whether it runs in one of them: traffic stays on 127.0.0.1. */
export const askNoCloud: Readonly<Record<string, string>> = Object.fromEntries(
  ['AWS', 'AZURE', 'AZUREFUNCTION', 'DOCKER', 'GCP', 'KUBERNETES', 'PCF'].map((cloud) => [
    `NEW_RELIC_UTILIZATION_DETECT_${cloud}`,
    'false',
  ]),
)

/** Whether there is an openssl, to make a certificate with. */
export const hasOpenssl = succeeds('openssl', ['version'])

/** Starts a collector with a certificate of its own. */
export async function startCollector(): Promise<Collector> {
  const directory = await mkdtemp(join(tmpdir(), 'dyndns53-collector-'))
  const [keyFile, certFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  execFileSync('openssl', ['req', ...kind, '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'ignore',
  })
  const sent: Sent[] = []
  const options = { key: await readFile(keyFile), cert: await readFile(certFile) }
  const server = createServer(options, async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const body = plain(Buffer.concat(chunks), req.headers['content-encoding']).toString()
    const method = new URL(req.url ?? '', 'https://x').searchParams.get('method') ?? ''
    sent.push({ method, body, headers: JSON.stringify(req.headers) })
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ return_value: answerTo(method, port) }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    sent,
    env: {
      ...askNoCloud,
      NEW_RELIC_LICENSE_KEY: licenceKey,
      NEW_RELIC_HOST: '127.0.0.1',
      NEW_RELIC_PORT: String(port),
      NODE_EXTRA_CA_CERTS: certFile,
      NEW_RELIC_APPLICATION_LOGGING_FORWARDING_ENABLED: 'true',
    },
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await rm(directory, { recursive: true })
    },
  }
}

function answerTo(method: string, port: number): unknown {
  if (method === 'preconnect') return { redirect_host: `127.0.0.1:${port}` }
  if (method === 'get_agent_commands') return []
  if (method !== 'connect') return null
  const limits = {
    analytic_event_data: 1000,
    custom_event_data: 1000,
    error_event_data: 100,
    log_event_data: 1000,
  }
  return {
    agent_run_id: 'run',
    collect_traces: true,
    collect_errors: true,
    collect_analytics_events: true,
    collect_error_events: true,
    collect_span_events: true,
    event_harvest_config: { report_period_ms: 1000, harvest_limits: { ...limits, span_event_data: 1000 } },
    span_event_harvest_config: { report_period_ms: 1000, harvest_limit: 1000 },
  }
}

function plain(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'gzip') return gunzipSync(body)
  return encoding === 'deflate' ? inflateSync(body) : body
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
