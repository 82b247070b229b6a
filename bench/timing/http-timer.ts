import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { basic, type Login } from '../../test/support/world.js'

/** Times requests over one connection. */
export interface HttpTimer {
  /** Nanoseconds from the sending of a registration to the first byte of its answer; rejects unless that is a 401. */
  time(login: Login): Promise<number>
  close(): void
}

/** Connects to a server on this machine. */
export async function connectTimer(port: number): Promise<HttpTimer> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket.setEncoding('latin1'), 'connect')
  return {
    async time(login) {
      const bytes = `GET /register_ip HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(login)}\r\n\r\n`
      const started = process.hrtime.bigint()
      socket.write(bytes)
      const [answer] = await once(socket, 'data')
      const ns = Number(process.hrtime.bigint() - started)
      if (!/^HTTP\/1\.1 401 .*badauth$/s.test(answer)) throw new Error(`a wrong login got ${answer}`)
      return ns
    },
    close: () => socket.destroy(),
  }
}
