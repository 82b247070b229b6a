import { connect, type Socket } from 'node:net'
import { basic } from '../../test/support/request.js'
import { quantile } from '../statistics.js'
import { addressOf, hostName, hosts, token } from './town.js'

/** Calls that are under way at the same time. */
export const atOnce = 32

/** Whether a connection serves many calls, or one. */
export type Manner = 'kept alive' | 'a connection a call'

/** How the calls of some seconds went. */
export interface Calls {
  readonly perSecond: number
  readonly p99Ms: number
  readonly calls: number
}

/** Sends unchanged calls for `seconds`, the next of a client when the one before is answered; rejects at any answer but `nochg`. */
export async function callUnchanged(
  port: number,
  path: string,
  manner: Manner,
  seconds: number,
): Promise<Calls> {
  const latenciesMs: number[] = []
  const startedMs = performance.now()
  const endsMs = startedMs + seconds * 1000
  let next = 0
  const client = async () => {
    let connection: Connection | undefined
    while (performance.now() < endsMs) {
      const index = next++ % hosts
      const sentMs = performance.now()
      connection ??= await openConnection(port)
      const answer = await connection.ask(requestOf(path, index, manner))
      latenciesMs.push(performance.now() - sentMs)
      if (!answer.endsWith(`\r\n\r\nnochg ${addressOf(index)}`))
        throw new Error(`an unchanged call got ${answer}`)
      if (manner === 'kept alive') continue
      connection.socket.destroy()
      connection = undefined
    }
    connection?.socket.destroy()
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  const calls = latenciesMs.length
  const perSecond = (1000 * calls) / (performance.now() - startedMs)
  return { perSecond, p99Ms: quantile(latenciesMs, 0.99), calls }
}

/** The bytes of a call, as a proxy passes on what a router sends. */
export function requestOf(path: string, index: number, manner: Manner): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: dyndns.example.com',
    `Authorization: ${basic({ user: hostName(index), token })}`,
    'User-Agent: ddclient/3.10.0',
    `X-Forwarded-For: ${addressOf(index)}`,
    ...(manner === 'kept alive' ? [] : ['Connection: close']),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A connection to 127.0.0.1. */
export interface Connection {
  readonly socket: Socket
  /** Sends a request and resolves with the bytes of its answer, as Latin-1; rejects when the connection breaks. */
  ask(bytes: string): Promise<string>
}

/** Opens it; rejects when it cannot. */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
    let take = (_text: string) => {}
    let fail: (error: Error) => void = reject
    socket.on('error', (error) => fail(error))
    socket.on('end', () => fail(new Error('the server hung up')))
    // Answers as short as these come whole.
    socket.on('data', (text: string) => take(text))
    const ask = (bytes: string) =>
      new Promise<string>((answered, broken) => {
        take = answered
        fail = broken
        socket.write(bytes)
      })
    socket.once('connect', () => resolve({ socket, ask }))
  })
}
