import { resolve } from '../emulators/dns/resolve.js'
import type { Login } from './world.js'

/** A request as Heroku's router would hand it on. */
export interface ModemRequest {
  readonly path: string
  /** The address that the modem has. */
  readonly from: string
  readonly login?: Login
}

/** Sends a GET; resolves with status and body with a space between them, as in `200 good 203.0.113.7`. */
export async function ask(url: string, { path, from, login }: ModemRequest): Promise<string> {
  const headers: Record<string, string> = { 'X-Forwarded-For': from }
  if (login) headers['Authorization'] = `Basic ${btoa(`${login.host}:${login.token}`)}`
  const response = await fetch(url + path, { headers })
  return `${response.status} ${await response.text()}`
}

/** What the DNS says of a host, as in `A 203.0.113.7, AAAA 2001:db8::7`; `nothing` without any address. */
export async function lookUp(dnsPort: number, host: string): Promise<string> {
  const found: string[] = []
  for (const type of ['A', 'AAAA'] as const) {
    const addresses = await resolve(dnsPort, host, type).catch(noAddresses)
    found.push(...addresses.map((address) => `${type} ${address}`))
  }
  return found.join(', ') || 'nothing'
}

function noAddresses(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return []
  throw error
}
