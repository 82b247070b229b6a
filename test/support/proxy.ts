import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Passes connections on to a port, until it is told otherwise. */
export interface TcpProxy {
  readonly port: number
  /** From now on nothing comes through, on connections old and new, and nobody is told. */
  stall(): void
  /** From now on all comes through again, what was held back included. */
  resume(): void
  /** Cuts all connections there are. */
  cut(): void
  /** Calls `hear` with all that is sent to the port, until what it returns is called. */
  listen(hear: (chunk: Buffer) => void): () => void
  /** Cuts them, and all that come. */
  refuse(): void
  close(): Promise<void>
}

/** A proxy on any free port of 127.0.0.1. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  let state: 'open' | 'stalled' | 'refusing' = 'open'
  const sockets = new Set<Socket>()
  const hearers = new Set<(chunk: Buffer) => void>()
  const server = createServer((near) => {
    if (state === 'refusing') {
      near.destroy()
      return
    }
    const far = connect(target, '127.0.0.1')
    near.on('data', (chunk: Buffer) => {
      for (const hear of hearers) hear(chunk)
    })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.on('data', (chunk) => to.write(chunk))
      if (state === 'stalled') from.pause()
    }
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stall() {
      state = 'stalled'
      for (const socket of sockets) socket.pause()
    },
    resume() {
      state = 'open'
      for (const socket of sockets) socket.resume()
    },
    listen(hear) {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
    cut,
    refuse() {
      state = 'refusing'
      cut()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}
