import { startEmulators } from '../../emulators/emulators.js'
import { request } from '../../test/support/request.js'
import { type MeasuredServer, startMeasuredServer } from '../server.js'

/** Two processes that share the database: each second call goes to the one that must ask the other. */
export interface Registrations {
  /** So many changes of address one after the other; the milliseconds of each, and how many were not `good`. */
  time(count: number): Promise<{ ms: number[]; failed: number }>
  close(): Promise<void>
}

const host = { user: 'home.example.com', token: 'the-token-of-home' }

/** Starts them, before a Route 53 without a quota, and registers once. */
export async function startRegistrations(url: string): Promise<Registrations> {
  const { environment, close } = await startEmulators({
    csv: `${host.user},${host.token}\n`,
    zones: ['example.com'],
  })
  const settings = {
    ...environment,
    DATABASE_URL: url,
    DYNDNS_TRUST_PROXY: '1',
    DYNDNS_ALLOW_PRIVATE: 'true',
    DYNDNS_REQUESTS_PER_SECOND: '1000',
    DYNDNS_CHANGES_PER_SECOND: '10000',
  }
  const servers: MeasuredServer[] = []
  let made = 0
  const register = async () => {
    const { port } = servers[made % servers.length] as MeasuredServer
    made++
    const address = `10.${made >> 16}.${(made >> 8) & 255}.${made & 255}`
    const startedMs = performance.now()
    const { body } = await request(`http://127.0.0.1:${port}/register_ip`, host, address)
    return { ms: performance.now() - startedMs, isGood: body === `good ${address}` }
  }
  const stop = async () => {
    for (const { kill } of servers) kill()
    await close()
  }
  try {
    for (let started = 0; started < 2; started++) servers.push(await startMeasuredServer(settings))
    await register()
    await register()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    async time(count) {
      const ms: number[] = []
      let failed = 0
      while (ms.length < count) {
        const registration = await register()
        ms.push(registration.ms)
        if (!registration.isGood) failed++
      }
      return { ms, failed }
    },
    close: stop,
  }
}
