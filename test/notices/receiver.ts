import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that came. */
export interface Received {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Answers a request; `times` is how many came before it. */
export type Reply = (response: ServerResponse, times: number, request: Received) => void

/** Whoever takes notices, on 127.0.0.1. */
export interface Receiver {
  /** Host and port. */
  readonly host: string
  readonly received: readonly Received[]
  /** The bodies of what came, read as JSON. */
  bodies(): Record<string, unknown>[]
  /** Goes away: whoever calls finds nobody there. */
  close(): Promise<void>
}

/** 200, and `ok`, as Slack says it. */
const ok: Reply = (response) => void response.end('ok')

/** Starts a receiver. */
export async function startReceiver(reply: Reply = ok): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming.setEncoding('utf8')) body += chunk
    const { method = '', url: path = '' } = incoming
    const request = { method, path, headers: incoming.headers, body }
    received.push(request)
    reply(response, received.length - 1, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    received,
    bodies: () => received.map(({ body }) => JSON.parse(body)),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** An answer with this status and body. */
export function status(code: number, body = '', headers: Record<string, string> = {}): Reply {
  return (response) => void response.writeHead(code, headers).end(body)
}
