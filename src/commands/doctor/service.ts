import { isPublic, parseAddress } from '../../net/ip-address.js'
import { failed, ok, type Verdict, warning } from './finding.js'

/** The service is given up after this time. */
const serviceTimeoutMs = 5000
/** At most about this many characters of an answer are read; an address has 45 at the most. */
const maxBodyLength = 100

/** Asks the running service at `base` for its `/check_ip`: which address this machine calls from. Throws nothing. */
export async function checkService(base: URL, allowPrivate: boolean): Promise<Verdict> {
  const url = `${base.origin}${base.pathname.replace(/\/$/, '')}/check_ip`
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(serviceTimeoutMs) })
    return verdictOnAnswer(url, response.status, await readStart(response), allowPrivate)
  } catch (error) {
    const advice = 'check the URL, and that the service runs (its log says why not)'
    return failed(`${url} does not answer (${reasonOf(error)}): ${advice}`)
  }
}

function verdictOnAnswer(url: string, status: number, body: string, allowPrivate: boolean): Verdict {
  if (status !== 200) {
    const advice = 'check that this is the URL of the service, and its log'
    return failed(`${url} answers with status ${status}: ${advice}`)
  }
  const address = parseAddress(body.trim())
  if (!address) {
    return failed(`${url} answers with something else than an address: check the URL`)
  }
  const seen = `${url} answers, and sees this machine at ${address.text}`
  if (isPublic(address) || allowPrivate) return ok(seen)
  const advice = 'behind a proxy, set DYNDNS_TRUST_PROXY; on a LAN, DYNDNS_ALLOW_PRIVATE=true'
  return warning(`${seen}, which the internet cannot reach: ${advice}`)
}

/** The first characters of the body; the rest is not waited for. */
async function readStart(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxBodyLength) break
  }
  return text
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `not within ${serviceTimeoutMs / 1000} s`
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message
}
