import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'

/** A whole answer in plain text. */
export interface TextAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Sends an answer with its length: chunked bodies break Debian 12's ddclient. Not Express's `send`, which answers 304
 * to some requests. A large body that is still coming is not read on: its connection ends.
 */
export function sendText(res: Response, { status, body, headers = {} }: TextAnswer): void {
  res.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(hasMoreToCome(res.req) && { Connection: 'close' }),
    ...headers,
  })
  res.end(body)
}

/** A body of more bytes than this is not worth reading to keep its connection. */
const maxIgnoredBytes = 4096

function hasMoreToCome({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > maxIgnoredBytes
  )
}
