import type { Logger } from 'pino'
import type { Address } from '../dns/address.js'
import { desiredRecord, type UpdateOutcome } from '../dns/record.js'
import type { Registrar } from '../dns/registrar.js'
import type { Host } from '../hosts/database.js'

/** Registers an address for a host and logs what became of it; an undefined address is refused. */
export type Register = (host: Host, address: Address | undefined) => Promise<UpdateOutcome>

/** A Register with this TTL for its records. */
export function createRegister(registrar: Registrar, ttlSeconds: number, log: Logger): Register {
  return async (host, address) => {
    const startedMs = performance.now()
    const outcome: UpdateOutcome = address
      ? await registrar.register(desiredRecord(host.name, address, ttlSeconds))
      : { kind: 'refused', reason: 'X-Forwarded-For does not end in an address: check DYNDNS_TRUST_PROXY' }
    const { kind, ...details } = outcome
    const ms = Math.round(performance.now() - startedMs)
    const line = { host: host.name, address: address?.text, outcome: kind, ...details, ms }
    if (kind === 'good' || kind === 'nochg') log.info(line, 'registration')
    else log.warn(line, 'registration')
    return outcome
  }
}
