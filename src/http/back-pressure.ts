import type { Socket } from 'node:net'
import { firstDue } from './due-responses.js'

/** Behind the head of a request: RFC 9112, 2.1. */
const endOfHead = '\r\n\r\n'

type Listener = (...args: unknown[]) => void

/**
 * Parses no request of a connection while an answer to the one before it waits to be sent: who pipelines (RFC 9112, 9.3.2)
 * and does not read is not read from either. node:http pauses such a connection too, but only between two reads; one of 64
 * KiB may hold thousands of requests, each of which would stay in memory with its answer.
 *
 * For a connection that node:http has just taken over. It stands between the socket and node:http's own reader of it, which
 * gets the bytes in pieces that complete at most one head each.
 */
export function holdBackRequests(socket: Socket): void {
  const [parse] = socket.listeners('data') as Listener[]
  // A later node:http may read in another way; then all is as if this were not there.
  if (!parse) return
  // By these a pause also stops the reading ahead. node:http takes them away where others read too.
  const kept = (['pause', 'resume'] as const).map((event) => [event, socket.listeners(event)] as const)
  socket.off('data', parse)
  socket.on('data', (bytes: Buffer) => {
    let rest = bytes
    while (rest.length > 0 && !socket.destroyed) {
      const waited = firstDue(socket)
      if (waited?.req.complete) {
        // Not at once: thousands in a packet would have their turn before anybody else.
        waited.once('close', () => setImmediate(() => socket.resume()))
        socket.pause()
      }
      // By node:http itself, too.
      if (socket.isPaused()) {
        socket.unshift(rest)
        return
      }
      const end = rest.indexOf(endOfHead)
      const length = end < 0 ? rest.length : end + endOfHead.length
      parse(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  })
  for (const [event, listeners] of kept)
    for (const listener of listeners) socket.on(event, listener as Listener)
}
