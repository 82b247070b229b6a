import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'

/** After this long without a byte, what was bent is not waited for. */
const quietMs = 30
/** After this long, a connection hangs. */
const limitMs = 10_000

/** Whether all that came is enough. */
export type Enough = (received: string) => boolean

/**
 * Sends pieces (latin1) over a connection of their own and resolves with all that came, as latin1: until the server
 * closes, or `enough` came, or, without that, nothing came for a while. Rejects where the connection hangs.
 */
export async function talk(port: number, pieces: readonly string[], enough?: Enough): Promise<string> {
  let received = ''
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    // The server may close before all is sent.
    socket.on('error', () => {})
  })
  let limit: NodeJS.Timeout | undefined
  const hung = new Promise<never>((_, reject) => {
    limit = setTimeout(() => {
      socket.destroy()
      reject(new Error(`a connection hangs after ${JSON.stringify(received)}`))
    }, limitMs)
  })
  let quiet: NodeJS.Timeout | undefined
  const listen = () => {
    clearTimeout(quiet)
    if (!enough) quiet = setTimeout(() => socket.end(), quietMs)
    else if (enough(received)) socket.end()
  }
  socket.on('data', (chunk: string) => {
    received += chunk
    listen()
  })
  for (const piece of pieces) {
    if (!socket.writable) break
    socket.write(piece, 'latin1')
    await setImmediate()
  }
  listen()
  await Promise.race([closed, hung])
  clearTimeout(limit)
  clearTimeout(quiet)
  return received
}
