import { request } from 'node:http'

/** How many hosts the honest household has; each registers in turn. */
export const honestHosts = 100

/** The token of every honest host. */
export const honestToken = 'an-honest-token'

/** A new address; the same as long ago, for which Route 53 is asked; the same as just now, for which it is not. */
export type Registration = 'changed' | 'same' | 'again'

/** All kinds, in the order in which they are made. */
export const registrations: readonly Registration[] = ['changed', 'same', 'again']

/** One registration over a connection of its own; resolves with its milliseconds. Rejects when it gets another word. */
export function register(
  port: number,
  host: number,
  address: string,
  word: 'good' | 'nochg',
): Promise<number> {
  const options = {
    host: '127.0.0.1',
    port,
    path: '/register_ip',
    auth: `honest-${host}.example.com:${honestToken}`,
    headers: { 'X-Forwarded-For': address },
    agent: false,
  }
  const startedMs = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => {
        if (body === `${word} ${address}`) resolve(performance.now() - startedMs)
        else
          reject(
            new Error(`an honest registration got ${response.statusCode} ${body} for ${word} ${address}`),
          )
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
