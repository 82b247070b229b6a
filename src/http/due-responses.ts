import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * The responses of each connection that are not sent yet, in the order of their requests: with pipelining (RFC 9112,
 * 9.3.2) there may be several. Written by `noteResponse` alone; an entry goes with its connection.
 */
const due = new WeakMap<Duplex, ServerResponse[]>()

/** Notes the response to a request that has just come in; it is due until the system has taken it, or its connection is lost. */
export function noteResponse(res: ServerResponse): void {
  const { socket } = res.req
  const responses = due.get(socket) ?? []
  due.set(socket, responses)
  responses.push(res)
  // They are sent in order.
  res.once('close', () => responses.shift())
}

/** The response that this connection sends next; undefined where none is due. */
export function firstDue(socket: Duplex): ServerResponse | undefined {
  return due.get(socket)?.[0]
}

/** The response to the last request that came over this connection; undefined where it is sent, or none ever came. */
export function lastDue(socket: Duplex): ServerResponse | undefined {
  return due.get(socket)?.at(-1)
}
