import { setTimeout as sleep } from 'node:timers/promises'
import { honestHosts, type Registration, register } from './honest.js'

/** A turn of three registrations makes 3 calls to Route 53, of which the service allows itself 8 a second. */
const paceMs = 500

/** Honest hosts that register one after the other. */
export interface Household {
  /** Registers for `ms` milliseconds, and adds the latencies in milliseconds. */
  registerFor(ms: number, latencies: Readonly<Record<Registration, number[]>>): Promise<void>
}

/** Registers every host once, and then has them ready. */
export async function startHousehold(port: number): Promise<Household> {
  const held = Array.from({ length: honestHosts }, (_, host) => addressOf(host))
  let next = honestHosts
  for (let host = 0; host < honestHosts; host += 20) {
    const some = held.slice(host, host + 20)
    await Promise.all(some.map((address, index) => register(port, host + index, address, 'good')))
  }
  await sleep(2000)

  return {
    async registerFor(ms, latencies) {
      const endMs = performance.now() + ms
      while (performance.now() < endMs) {
        next += 1
        const pause = sleep(paceMs)
        const host = next % honestHosts
        const other = (next + honestHosts / 2) % honestHosts
        const address = addressOf(next)
        latencies.changed.push(await register(port, host, address, 'good'))
        latencies.same.push(await register(port, other, held[other] ?? '', 'nochg'))
        latencies.again.push(await register(port, host, address, 'nochg'))
        held[host] = address
        await pause
      }
    },
  }
}

/** Public addresses, as others are not registered. */
function addressOf(index: number): string {
  return `8.8.${index >> 8}.${index & 255}`
}
