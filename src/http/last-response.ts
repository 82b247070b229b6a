import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * The response to the last request of each connection: with pipelining (RFC 9112, 9.3.2) there may be several that are
 * not sent yet. Written by `rememberResponse` alone; an entry goes with its connection.
 */
const lastResponses = new WeakMap<Duplex, ServerResponse>()

/** Remembers the response to a request that has just come in as the last of its connection. */
export function rememberResponse(res: ServerResponse): void {
  lastResponses.set(res.req.socket, res)
}

/** The response to the last request that came over this connection, sent or not; undefined where none ever came. */
export function lastResponseOn(socket: Duplex): ServerResponse | undefined {
  return lastResponses.get(socket)
}
