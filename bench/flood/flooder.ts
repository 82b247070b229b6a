import { connect, type Socket } from 'node:net'
import type { Flood } from './report.js'

// The flood, in a process of its own: node --import tsx flooder.ts PORT CONNECTIONS. Starts on the name of a flood, and
// stops on 'stop'; sends its parent the number of answers then.

/** What the parent says. */
export type FloodOrder = Flood | 'stop'

const [port = 0, connections = 0] = process.argv.slice(2).map(Number)
const sockets = new Set<Socket>()
let answers = 0
let sent = 0

process.on('message', (order: FloodOrder) => {
  for (const socket of sockets) socket.removeAllListeners('close').destroy()
  sockets.clear()
  if (order === 'stop') {
    process.send?.(answers)
    answers = 0
    return
  }
  for (let index = 0; index < connections; index++) guess(order)
})

/**
 * A connection over which a wrong login is sent, and after each answer the next one at once; one that is rude waits for
 * no answer. When the connection ends, another takes its place.
 */
function guess(flood: Flood): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.setEncoding('latin1')
  socket.on('connect', () => {
    socket.write(wrongLogin(flood))
    if (flood === 'rude') socket.destroySoon()
  })
  socket.on('data', (chunk: string) => {
    if (!chunk.includes('HTTP/1.1 ')) return
    answers += 1
    socket.write(wrongLogin(flood))
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    sockets.delete(socket)
    guess(flood)
  })
  sockets.add(socket)
}

/** Host names that exist and others in turn, each time with another wrong token. */
function wrongLogin(flood: Flood): string {
  sent += 1
  const name = `${sent % 2 === 0 ? 'honest' : 'stranger'}-${sent % 100}.example.com`
  const login = Buffer.from(`${name}:guess-${sent}`).toString('base64')
  const from =
    flood === 'one' ? '198.51.100.66' : `198.${18 + ((sent >> 16) & 1)}.${(sent >> 8) & 255}.${sent & 255}`
  return `GET /register_ip HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${from}\r\nAuthorization: Basic ${login}\r\n\r\n`
}
