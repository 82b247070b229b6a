import { connect } from 'node:net'

/** A login for HTTP Basic. */
export interface Login {
  readonly user: string
  readonly token: string
}

/** What came back, body and all. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: Headers
}

/** The header of HTTP Basic. */
export function basic({ user, token }: Login): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
}

/** One request, as if from the address `from`. */
export async function request(
  url: string,
  login?: Login,
  from = '203.0.113.7',
  init: RequestInit = {},
): Promise<Answer> {
  const headers = new Headers(init.headers)
  if (login) headers.set('authorization', basic(login))
  if (!headers.has('x-forwarded-for')) headers.set('x-forwarded-for', from)
  const response = await fetch(url, { redirect: 'manual', ...init, headers })
  return { status: response.status, body: await response.text(), headers: response.headers }
}

/** Sends raw bytes and returns everything that came back until the server closed the connection. */
export function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
