import { connect, type Socket } from 'node:net'

// The flood, in a process of its own: node --import tsx flooder.ts PORT CONNECTIONS. Starts on the message 'one' or
// 'many', for the addresses that it comes from, and stops on 'stop'; sends its parent the number of answers then.

/** What the parent says. */
export type FloodOrder = 'one' | 'many' | 'stop'

const [port, connections] = process.argv.slice(2).map(Number)
let sockets: Socket[] = []
let answers = 0
let sent = 0

process.on('message', (order: FloodOrder) => {
  for (const socket of sockets) socket.destroy()
  sockets = []
  if (order === 'stop') {
    process.send?.(answers)
    answers = 0
    return
  }
  for (let index = 0; index < (connections ?? 0); index++) sockets.push(flood(order === 'many'))
})

/** A connection over which each answer is followed by the next request at once. */
function flood(isFromMany: boolean): Socket {
  const socket = connect({ port: port ?? 0, host: '127.0.0.1', noDelay: true })
  socket.setEncoding('latin1')
  socket.on('connect', () => socket.write(wrongLogin(isFromMany)))
  socket.on('data', (chunk: string) => {
    if (!chunk.includes('HTTP/1.1 ')) return
    answers += 1
    socket.write(wrongLogin(isFromMany))
  })
  socket.on('error', () => {})
  return socket
}

/** Host names that exist and others in turn, each time with another wrong token. */
function wrongLogin(isFromMany: boolean): string {
  sent += 1
  const name = `${sent % 2 === 0 ? 'honest' : 'stranger'}-${sent % 100}.example.com`
  const login = Buffer.from(`${name}:guess-${sent}`).toString('base64')
  const from = isFromMany
    ? `198.${18 + ((sent >> 16) & 1)}.${(sent >> 8) & 255}.${sent & 255}`
    : '198.51.100.66'
  return `GET /register_ip HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${from}\r\nAuthorization: Basic ${login}\r\n\r\n`
}
