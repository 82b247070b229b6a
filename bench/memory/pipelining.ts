import { execFile } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { startEmulators } from '../../emulators/emulators.js'
import { request } from '../../test/support/request.js'
import { type MeasuredServer, startMeasuredServer } from '../server.js'
import { count, mebibytes, note, print, row, tableHead, verdict } from '../table.js'

/** Clients that send requests without an end, many in a packet, and read no answer. */
const connections = 1000
const perPacket = 200
const seconds = 25

/** What the process may take meanwhile, in MiB, and how long an honest request may take. */
const residentMax = 200
const honestMaxMs = 1000

/** Measures a server of its own; resolves with whether its targets were met. */
export async function measurePipelining(): Promise<boolean> {
  const emulators = await startEmulators({ csv: 'h.example.com,a-token\n' })
  const server = await startMeasuredServer(emulators.environment)
  try {
    const idle = await residentBytes(server)
    note(`memory: ${count(connections)} clients that do not read`)
    const sockets = Array.from({ length: connections }, () => pour(server.port))
    let [resident, honestMs] = [0, 0]
    for (const started = performance.now(); performance.now() - started < seconds * 1000; await sleep(1000)) {
      const asked = performance.now()
      await request(`http://127.0.0.1:${server.port}/check_ip`)
      honestMs = Math.max(honestMs, performance.now() - asked)
      resident = Math.max(resident, await residentBytes(server))
    }
    for (const socket of sockets) socket.destroy()
    print(
      `\n${tableHead(['Clients that do not read', 'Resident before', 'at most', 'Slowest honest answer'])}`,
    )
    print(row([count(connections), mebibytes(idle), mebibytes(resident), `${count(honestMs)} ms`]))
    const isMet = resident < residentMax * 2 ** 20 && honestMs < honestMaxMs
    print(
      `\n${verdict(isMet, `below ${residentMax} MiB, and honest answers within ${count(honestMaxMs)} ms`)}`,
    )
    return isMet
  } finally {
    server.kill()
    await emulators.close()
  }
}

/** A client that sends a packet each second, which is more than is answered meanwhile, and reads nothing. */
function pour(port: number): Socket {
  const packet = 'GET /check_ip HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(perPacket)
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  const timer = setInterval(() => {
    if (socket.writableLength === 0) socket.write(packet)
  }, 1000)
  socket.on('close', () => clearInterval(timer))
  return socket.pause()
}

async function residentBytes({ child }: MeasuredServer): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(child.pid)])
  return Number(stdout) * 1024
}
