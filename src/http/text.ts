import type { Response } from 'express'

/** A whole answer in plain text. */
export interface TextAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Sends an answer with its length: chunked bodies break Debian 12's ddclient. Not Express's `send`, which answers 304
 * to some requests. A request whose body is still coming is not read on: its connection ends.
 */
export function sendText(res: Response, { status, body, headers = {} }: TextAnswer): void {
  res.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(!res.req.complete && { Connection: 'close' }),
    ...headers,
  })
  res.end(body)
}
