import type { Logger } from 'pino'
import { describeTarget, type UpdateOutcome } from '../registrar/record.js'
import type { Registrar } from '../registrar/registrar.js'
import type { WantsOrRefusal } from './requested-addresses.js'

/** Registers what is wanted for a host and says what became of each record, A before AAAA. */
export type Register = (host: string, wants: WantsOrRefusal) => Promise<UpdateOutcome[]>

/** A Register that gives records this TTL and logs a line for each. */
export function createRegister(registrar: Registrar, ttlSeconds: number, log: Logger): Register {
  return async (host, wants) => {
    if ('refusal' in wants) {
      log.warn({ host, outcome: 'refused', reason: wants.refusal }, 'registration')
      return [{ kind: 'refused', reason: wants.refusal }]
    }
    return Promise.all(
      [...wants]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(async ([type, want]) => {
          const startedMs = performance.now()
          const outcome = await registrar.register({ name: host, type, target: want, ttlSeconds })
          const { kind, ...details } = outcome
          const ms = Math.round(performance.now() - startedMs)
          const line = { host, address: describeTarget(want), outcome: kind, ...details, ms }
          if (kind === 'good' || kind === 'nochg') log.info(line, 'registration')
          else log.warn(line, 'registration')
          return outcome
        }),
    )
  }
}
