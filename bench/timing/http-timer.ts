import { once } from 'node:events'
import { connect } from 'node:net'
import { basic, type Login } from '../../test/support/request.js'

/**
 * Nanoseconds from the sending of a registration, over a connection of its own, to the first byte of its answer; rejects
 * unless that is a 401.
 */
export async function timeRegistration(port: number, login: Login): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
  await once(socket, 'connect')
  const bytes = `GET /register_ip HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(login)}\r\n\r\n`
  const started = process.hrtime.bigint()
  socket.write(bytes)
  const [answer] = await once(socket, 'data')
  const ns = Number(process.hrtime.bigint() - started)
  socket.destroy()
  if (!/^HTTP\/1\.1 401 .*badauth$/s.test(answer)) throw new Error(`a wrong login got ${answer}`)
  return ns
}
