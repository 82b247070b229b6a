import { lstat, unlink } from 'node:fs/promises'
import { type AddressInfo, connect, type ListenOptions, type Server } from 'node:net'
import type { ServerConfig } from './config/config.js'

/** A town that calls in the same second is let in at once, and not by the kernel's retries. */
const backlog = 4096

/** Bits that a new socket's file does not get: who is neither its owner nor of its group may not connect. */
const socketUmask = 0o117

/**
 * Listens where the configuration says; resolves with the port, 0 at a Unix socket. Throws an Error that names the
 * variable to set where that cannot be.
 */
export async function listen(
  server: Server,
  { port, listen: where }: Pick<ServerConfig, 'port' | 'listen'>,
): Promise<number> {
  if (where && 'socket' in where) {
    await listenAtSocket(server, where.socket)
    return 0
  }
  const host = where?.address
  await start(server, { port, ...(host !== undefined && { host }) }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new Error(`PORT: ${port} is in use: set another one`)
    if (error.code === 'EADDRNOTAVAIL') throw new Error(`DYNDNS_LISTEN: this machine has no address ${host}`)
    throw error
  })
  return (server.address() as AddressInfo).port
}

async function listenAtSocket(server: Server, path: string): Promise<void> {
  try {
    await startPrivately(server, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE') {
      const what = 'its folder must be there, and this user must be allowed to write into it'
      throw new Error(`DYNDNS_LISTEN: no socket can be made at ${path} (${code}): ${what}`)
    }
    await removeStale(path)
    await startPrivately(server, path)
  }
}

/** The file is made while the umask is set, which Node does at once: nobody can connect in between. */
async function startPrivately(server: Server, path: string): Promise<void> {
  const before = process.umask(socketUmask)
  const started = start(server, { path })
  process.umask(before)
  await started
}

/** Removes the socket of a process that was killed. Throws where something else is there. */
async function removeStale(path: string): Promise<void> {
  if (!(await lstat(path)).isSocket()) {
    throw new Error(`DYNDNS_LISTEN: ${path} is there and is no socket: name another path`)
  }
  if (await isInUse(path)) throw new Error(`DYNDNS_LISTEN: another process listens at ${path}`)
  await unlink(path)
}

function isInUse(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
      .once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      // Whatever else goes wrong, such as a full backlog, somebody is there.
      .once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'))
  })
}

function start(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...where, backlog }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
