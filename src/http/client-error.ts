import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import { parseAddress } from '../net/ip-address.js'
import { lastDue } from './due-responses.js'

/** What Node says of a connection on which no request came: the code, and the bytes in which its parser stopped. */
type ClientError = Error & { readonly code?: string; readonly rawPacket?: Buffer }

/** Statuses by the codes of Node's HTTP parser and timers; for all else 400. */
const statuses: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', '431 Request Header Fields Too Large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', '413 Payload Too Large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', '408 Request Timeout'],
])

/** More of a packet is not looked at. */
const maxLookedAt = 2048

/** After our last byte, the other side has this time to hang up too. */
const lingerMs = 1000

/**
 * Answers what never became a request with an empty body and the same security headers as every answer, and ends the
 * connection; but first lets out the answers that are still due to requests that came before.
 */
export function answerClientError(log: Logger): (error: ClientError, socket: Duplex) => void {
  return (error, socket) => {
    const due = lastDue(socket)
    if (due?.req.complete && socket.writable) {
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
    const from = 'remoteAddress' in socket ? parseAddress(String(socket.remoteAddress)) : undefined
    const reason = whyNoRequest(error)
    log.info(
      { id, status: Number.parseInt(status, 10), code: error.code, address: from?.text, reason },
      'not a request',
    )
    const headers = { ...securityHeaders(id), 'Content-Length': '0', Connection: 'close' }
    const head = [
      `HTTP/1.1 ${status}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]
    hangUp(socket, `${head.join('\r\n')}\r\n\r\n`)
  }
}

/**
 * What comes to a port of HTTP and is no HTTP/1.1, by its first bytes as Latin-1: what it is, and what to do. An empty line
 * ends what is parsed in one piece, so what follows it is named here.
 */
const otherProtocols: readonly (readonly [string, string])[] = [
  // A handshake record: RFC 8446, 5.1.
  [
    '\x16\x03',
    'TLS on a port for plain HTTP: the client must say http://, or a proxy in front must end the TLS',
  ],
  // haproxy's proxy-protocol.txt, 2.1, and 2.2 behind its first four bytes.
  ['PROXY ', 'the PROXY protocol: switch it off in the proxy in front'],
  ['\0\r\nQUIT\n', 'the PROXY protocol: switch it off in the proxy in front'],
  // Behind PRI * HTTP/2.0 and an empty line: RFC 9113, 3.4.
  ['SM\r\n\r\n', 'HTTP/2: the client, or the proxy in front, must speak HTTP/1.1'],
]

/** What is wrong with a request line or the lines behind it; the first that fits. */
const mistakes: readonly (readonly [RegExp, string])[] = [
  [/^[A-Z]+ +(%2f|https?%3a)/i, 'the path is percent-encoded: the client must send it as it is'],
  [/^[A-Z]+ +(?!https?:\/\/)[^/* \r\n]/i, 'the path has no / in front'],
  [/^[A-Z]+ +\S+ +(?!HTTP\/)[^\r\n]* HTTP\//, 'the URL has a space in it: it must be sent as %20'],
  [
    /^[A-Z]+ [^\r\n]*[\x80-\xff]/,
    'the URL has other characters than ASCII in it: they must be percent-encoded',
  ],
  [/(^|[^\r])\n/, 'a line ends with LF alone: it must end with CR LF'],
]

/** Sentences by the codes of Node, where it is not the first bytes that matter. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['HPE_HEADER_OVERFLOW', 'its head is longer than 16 KiB'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'it did not come in time'],
  ['HPE_INVALID_EOF_STATE', 'the connection ended within it'],
])

/** Why this was no request, in words: nothing of it is quoted, as it may hold a token. */
function whyNoRequest({ code = '', rawPacket }: ClientError): string | undefined {
  const start = rawPacket?.toString('latin1', 0, maxLookedAt) ?? ''
  const [, sentence] =
    otherProtocols.find(([signature]) => start.startsWith(signature)) ??
    mistakes.find(([pattern]) => pattern.test(start)) ??
    []
  return reasons.get(code) ?? sentence
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
