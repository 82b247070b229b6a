import { resolve } from '../emulators/dns/resolve.js'
import type { Login } from './world.js'

/** A request as Heroku's router would hand it on. */
export interface ModemRequest {
  readonly path: string
  /** The address that the modem has. */
  readonly from: string
  readonly login?: Login
  /** Left out: it is a GET, and else a POST with this as JSON. */
  readonly body?: object
}

/** Sends it; resolves with status and body with a space between them, as in `200 good 203.0.113.7`. */
export async function ask(url: string, { path, from, login, body }: ModemRequest): Promise<string> {
  const headers: Record<string, string> = { 'X-Forwarded-For': from }
  if (login) headers['Authorization'] = `Basic ${btoa(`${login.host}:${login.token}`)}`
  const post = body && { method: 'POST', body: JSON.stringify(body) }
  const response = await fetch(url + path, { headers, ...post })
  return `${response.status} ${await response.text()}`
}

/** What the DNS says of a name, as in `A 203.0.113.7, AAAA 2001:db8::7`; `nothing` without an address or a text. */
export async function lookUp(dnsPort: number, name: string): Promise<string> {
  const found: string[] = []
  for (const type of ['A', 'AAAA', 'TXT'] as const) {
    const values = await resolve(dnsPort, name, type).catch(noValues)
    found.push(...values.map((value) => `${type} ${value}`))
  }
  return found.join(', ') || 'nothing'
}

function noValues(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return []
  throw error
}
