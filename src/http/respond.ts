import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Response } from 'express'
import { requestIdOf } from './request-id.js'
import { securityHeaders } from './security-headers.js'

/** A whole answer in plain text. */
export interface TextAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Why a request is refused, for its log line: a sentence of ours, without anything that the client sent. */
  readonly reason?: string | undefined
}

/** The reasons of the answers that were sent, by response. Written by `sendText` alone; an entry goes with its response. */
const reasons = new WeakMap<Response, string>()

/** Why this request was refused; undefined where it was not, or nothing more is to be said. */
export function reasonOf(res: Response): string | undefined {
  return reasons.get(res)
}

/**
 * Sends an answer with its length: chunked bodies break Debian 12's ddclient. Not Express's `send`, which answers 304
 * to some requests. A body of more than `maxIgnoredBytes` that has not all come is not read on: its connection ends.
 */
export function sendText(res: Response, { status, body, headers = {}, reason }: TextAnswer): void {
  if (reason !== undefined) reasons.set(res, reason)
  sendHead(res, status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...(hasUnreadBody(res.req) && { Connection: 'close' }),
    ...headers,
  })
  res.end(body)
}

/**
 * Sends the head of an answer, with the headers that every answer has. All in one piece: Node checks each that is set for
 * itself, and then all of them again.
 */
export function sendHead(res: Response, status: number, headers: OutgoingHttpHeaders): void {
  res.writeHead(status, { 'X-Request-Id': requestIdOf(res.req), ...securityHeaders, ...headers })
}

/** What is left of a larger body is not worth reading to keep its connection. */
const maxIgnoredBytes = 4096

function hasUnreadBody({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > maxIgnoredBytes
  )
}
