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
 * to some requests. A body of more than `maxIgnoredBytes` that has not all come is not
 * read on: its connection ends.
 */
export function sendText(res: Response, { status, body, headers = {} }: TextAnswer): void {
  res.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(hasUnreadBody(res.req) && { Connection: 'close' }),
    ...headers,
  })
  res.end(body)
}

/** What is left of a larger body is not worth reading to keep its connection. */
const maxIgnoredBytes = 4096

function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > maxIgnoredBytes
  )
}
