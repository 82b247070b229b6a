import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HerdHost } from './hosts.js'

/** OpenWrt's ddns-scripts try again after this. */
const retryMs = 60_000
/** Heroku's router answers in the server's place after this. */
const answerWithinMs = 30_000

/** What a modem heard. */
export interface ModemAnswer {
  readonly host: HerdHost
  /** Counted from 1. */
  readonly attempt: number
  /** As in `good 198.19.0.1`; empty where no answer came. */
  readonly text: string
}

/** Registers the host's new address, each time over a connection of its own and at the port that is named then, until it is told `good` or `nochg`. */
export async function runModem(
  nextPort: () => number,
  host: HerdHost,
  signal: AbortSignal,
  onAnswer: (answer: ModemAnswer) => void,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    const text = await register(nextPort(), host, signal)
    if (signal.aborted) return
    onAnswer({ host, attempt, text })
    if (isSuccess(text)) return
    await sleep(retryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Whether the answer tells the modem that it is done. */
export function isSuccess(text: string): boolean {
  return /^(good|nochg)\b/.test(text)
}

/** One request as the proxy in front hands it on; resolves with the body, or with nothing where it failed. */
function register(port: number, { name, token, newAddress }: HerdHost, signal: AbortSignal): Promise<string> {
  const options = {
    host: '127.0.0.1',
    port,
    path: '/register_ip',
    auth: `${name}:${token}`,
    headers: { 'X-Forwarded-For': newAddress },
    agent: false,
    timeout: answerWithinMs,
    signal,
  }
  return new Promise((resolve) => {
    const sent = request(options, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve(body))
      response.on('error', () => resolve(''))
    })
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(''))
    sent.end()
  })
}
