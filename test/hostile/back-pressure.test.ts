import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { basic } from '../support/request.js'
import { logins, onGround } from './ground.js'
import { answersIn, eventually, open } from './wire.js'

/** What the process may take, in MiB: some 100 of its own, and for each connection 64 KiB that are read and not parsed. */
const bound = 180

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n${more}\r\n`

it('requests behind an answer that waits are not taken in: they would wait in memory, thousands of a packet', () =>
  onGround(async (ground) => {
    ground.route53.latencyMs = 3000
    const { port, process } = await ground.start()
    // A shorter request than any client sends.
    const behind = 'GET /check_ip HTTP/1.1\r\n\r\n'.repeat(10_000)
    const sockets = logins.map((login) => {
      const socket = connect(port, '127.0.0.1').pause()
      socket.write(get('/register_ip', `Authorization: ${basic(login)}\r\n`) + behind)
      return socket
    })
    await eventually(() => ground.route53.model.log.calls.length > 0)
    for (let asked = 0; asked < 3; asked++) {
      const { closed, received } = await open(port, get('/check_ip', 'Connection: close\r\n'))
      await closed
      expect(answersIn(received())).toMatchObject([{ status: 200, body: '203.0.113.7' }])
    }
    expect(await residentMebibytes(process.child.pid)).toBeLessThan(bound)
    for (const socket of sockets) socket.destroy()
  }))

async function residentMebibytes(pid = 0): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout) / 1024
}
