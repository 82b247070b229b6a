import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The response to the latest request of each connection: requests may be sent without waiting for answers. */
const latest = new WeakMap<Duplex, ServerResponse>()

/** Notes a request as it comes in. */
export function noteLatest(res: ServerResponse): void {
  latest.set(res.req.socket, res)
}

/** The response to the request that came last over this connection, sent or not; undefined where none ever came. */
export function latestOn(socket: Duplex): ServerResponse | undefined {
  return latest.get(socket)
}
