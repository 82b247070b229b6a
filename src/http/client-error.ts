import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { lastResponseOn } from './last-response.js'

/** Statuses by the codes of Node's HTTP parser and timers; for all else 400. */
const statuses: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
])

/** After our last byte, the other side has this time to hang up too. */
const lingerMs = 1000

/**
 * Answers what never became a request with an empty body and the same security headers as every answer, and ends the
 * connection; but first lets out the answers that are still due to requests that came before.
 */
export function answerClientError(log: Logger): (error: Error & { code?: string }, socket: Duplex) => void {
  return (error, socket) => {
    const due = lastResponseOn(socket)
    if (due?.req.complete && !due.closed && socket.writable) {
      socket.pause()
      due.once('close', () => hangUp(socket))
      return
    }
    // An answer on this connection may be half sent.
    if (!socket.writable || ('bytesWritten' in socket && Number(socket.bytesWritten) > 0)) {
      socket.destroy()
      return
    }
    const id = randomUUID()
    const status = statuses.get(error.code ?? '') ?? '400 Bad Request'
    log.info({ id, status: Number.parseInt(status, 10), code: error.code }, 'not a request')
    const headers = { ...securityHeaders(id), 'Content-Length': '0', Connection: 'close' }
    const head = [
      `HTTP/1.1 ${status}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    hangUp(socket, `${head.join('\r\n')}\r\n\r\n`)
  }
}

/** Node no longer times out a connection that has had an error, and a client may leave its half open for ever. */
function hangUp(socket: Duplex, lastWords = ''): void {
  socket.end(lastWords)
  setTimeout(() => socket.destroy(), lingerMs).unref()
}

/** The headers that Helmet and the request log would have given; `id` is also in the log line. */
function securityHeaders(id: string): Record<string, string> {
  return {
    'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'SAMEORIGIN',
    'Referrer-Policy': 'no-referrer',
    'X-Request-Id': id,
    'Cache-Control': 'no-store',
  }
}
