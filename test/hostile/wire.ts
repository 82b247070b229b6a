import { connect, type Socket } from 'node:net'
import { expect, vi } from 'vitest'
import { bareWords } from '../http/nic.js'

/** One HTTP answer as it stood on the wire; header names in lower case. */
export interface WireAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** An open connection to 127.0.0.1 and what came back on it. */
export interface Conversation {
  readonly socket: Socket
  readonly closed: Promise<void>
  received(): string
}

/** Opens a connection and sends these bytes, if any; whatever breaks it only ends it. */
export async function open(port: number, bytes: string | Uint8Array = ''): Promise<Conversation> {
  const socket = connect(port, '127.0.0.1')
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve)
    socket.on('error', () => resolve())
  })
  if (bytes.length > 0) socket.write(bytes)
  return { socket, closed, received: () => text }
}

/** Sends these bytes and returns what came back until the server hung up, or had said nothing more for a while. */
export async function converse(port: number, bytes: string | Uint8Array): Promise<string> {
  const { socket, closed, received } = await open(port, bytes)
  socket.setTimeout(2500, () => socket.destroy())
  await closed
  return received()
}

/** Resolves when the condition holds; rejects when it has not for a long time. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 25 })
}

/** All answers in what a connection brought, without interim ones. Throws where it is no HTTP. */
export function answersIn(text: string): WireAnswer[] {
  const answers: WireAnswer[] = []
  for (let rest = text; rest !== ''; ) {
    const [, status, head = '', after = ''] =
      /^HTTP\/1\.1 (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n(.*)$/s.exec(rest) ?? []
    if (status === undefined) throw new Error(`not an HTTP answer: ${JSON.stringify(rest.slice(0, 200))}`)
    const headers = new Map(
      head
        .split('\r\n')
        .filter(Boolean)
        .map((line) => [
          line.slice(0, line.indexOf(':')).toLowerCase(),
          line.slice(line.indexOf(':') + 1).trim(),
        ]),
    )
    const length = Number(headers.get('content-length') ?? (status.startsWith('1') ? 0 : after.length))
    if (!status.startsWith('1')) {
      answers.push({ status: Number(status), headers, body: after.slice(0, length) })
    }
    rest = after.slice(length)
  }
  return answers
}

const otherBodies =
  /^(|not found|method not allowed|0\r\n\r\n|\d+\.\d+\.\d+\.\d+|the proxy in front did not pass on an IP address|<html><head><title>Current IP Check<\/title>.*|Another web site sent your browser here\. .*)$/s

const statuses = new Set([200, 400, 401, 403, 404, 405, 408, 413, 417, 431, 500, 503])

/** Whole documented answers, or none at all; and neither a stack trace nor a page of the framework in them. */
export function expectClean(text: string): WireAnswer[] {
  expect(text).not.toMatch(
    /node_modules|node:internal|\bat \S+ \(|\w*Error\b(?!\r\n)|<pre>|<!DOCTYPE|Cannot [A-Z]+/,
  )
  expect(text).not.toMatch(/x-powered-by|\bexpress\b|node\.?js/i)
  const answers = answersIn(text)
  for (const { status, body } of answers) {
    expect(statuses).toContain(status)
    if (!bareWords.test(body)) expect(body).toMatch(otherBodies)
  }
  return answers
}
