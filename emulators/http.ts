import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as received: `url` is the raw path with its query, `headers` are lower-cased, `body` is whole. */
export interface WireRequest {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** An ordinary response; without a body the response is empty. */
export interface WireResponse {
  status: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** What to do with a request: respond, `reset` the connection, or `stall` (never respond, keep it open). */
export type Reply = WireResponse | 'reset' | 'stall'

/** A listening server on 127.0.0.1; `close` cuts every connection and frees the port. */
export interface WireServer {
  url: string
  port: number
  close(): Promise<void>
}

/** Where the server listens (0, the default: any free port). */
export interface ListenOptions {
  port?: number
}

/**
 * Serves `handle` on 127.0.0.1. Rejects when the port is taken. A handler that throws is a bug of the emulator:
 * the client gets a 500 with the stack.
 */
export async function startWireServer(
  handle: (request: WireRequest) => Promise<Reply>,
  options: ListenOptions = {},
): Promise<WireServer> {
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, outgoing) => {
    respond(handle, incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'text/plain' })
      outgoing.end(error instanceof Error ? error.stack : String(error))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function respond(
  handle: (request: WireRequest) => Promise<Reply>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
  } catch {
    return // the client hung up in the middle of its request
  }
  const { method = 'GET', url = '/', headers } = incoming
  const reply = await handle({ method, url, headers, body: Buffer.concat(chunks) })
  if (reply === 'stall') return
  if (reply === 'reset') {
    incoming.socket.resetAndDestroy()
    return
  }
  outgoing.writeHead(reply.status, reply.headers)
  outgoing.end(reply.body)
}
