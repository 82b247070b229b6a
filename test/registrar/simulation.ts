import { pino } from 'pino'
import { Route53Model } from '../../emulators/route53/model.js'
import { documentedQuotas } from '../../emulators/route53/quotas.js'
import type { ServiceEvent } from '../../src/events.js'
import type { DesiredRecord, UpdateOutcome } from '../../src/registrar/record.js'
import { createRegistrar, type Registrar, type RegistrarOptions } from '../../src/registrar/registrar.js'
import type { Route53 } from '../../src/route53/api.js'
import { createFakeClock, type FakeClock } from '../net/fake-clock.js'
import { type Mishap, simulateRoute53 } from './simulated-route53.js'

/** A registrar before a modelled Route 53 with the documented quotas, both in virtual time. */
export interface Simulation {
  readonly clock: FakeClock
  readonly model: Route53Model
  readonly registrar: Registrar
  /** What the registrar calls; a test may put itself in between. */
  readonly route53: Route53
  /** Lines that were logged, whole. */
  readonly log: string[]
  /** What the registrar published. */
  readonly events: ServiceEvent[]
  register(record: DesiredRecord): Promise<UpdateOutcome>
  /** The most changes that the registrar had under way in one zone at once. */
  mostChangesInFlight(): number
  /** The value of a simple record; undefined where there is none. */
  held(name: string, type: string): string | undefined
}

/** A modelled Route 53 with the documented quotas, in virtual time. */
export function createVirtualRoute53() {
  const clock = createFakeClock()
  return { clock, model: new Route53Model({ now: clock.now, quotas: documentedQuotas }) }
}

/** Every call suffers `nextMishap()`; the options are those of the service unless others are given, and so is Route 53. */
export function simulate(
  nextMishap: () => Mishap = () => 'none',
  options: Partial<RegistrarOptions> = {},
  { clock, model } = createVirtualRoute53(),
): Simulation {
  const log: string[] = []
  const events: ServiceEvent[] = []
  let seed = 1
  const simulated = simulateRoute53(model, clock, nextMishap)
  const inFlight = new Map<string, number>()
  let mostInFlight = 0
  const route53: Route53 = {
    ...simulated,
    async change(zoneId, changes) {
      const count = (inFlight.get(zoneId) ?? 0) + 1
      inFlight.set(zoneId, count)
      mostInFlight = Math.max(mostInFlight, count)
      return simulated.change(zoneId, changes).finally(() => inFlight.set(zoneId, count - 1))
    },
  }
  const registrar = createRegistrar({
    route53,
    log: pino({ level: 'info' }, { write: (line) => void log.push(line) }),
    publish: (event) => void events.push(event),
    clock,
    // Park and Miller's generator: chance that repeats itself.
    random: () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed / 2_147_483_647
    },
    requestQuota: { burst: 40, perSecond: 8 },
    changeQuota: { burst: 1200, perSecond: 80 },
    zoneIds: [],
    recheckMs: 30_000,
    recheckMaxMs: 900_000,
    waitMs: 20_000,
    giveUpMs: 15 * 60_000,
    closeMs: 20_000,
    maxPending: 20_000,
    ...options,
  })
  return {
    clock,
    model,
    registrar,
    route53,
    log,
    events,
    mostChangesInFlight: () => mostInFlight,
    register: registrar.register,
    held(name, type) {
      const zone = model
        .zones()
        .filter((candidate) => `${name}.`.endsWith(`.${candidate.name}`))
        .sort((a, b) => b.name.length - a.name.length)[0]
      return zone?.get(name, type)[0]?.values[0]
    },
  }
}

/** A record of a host, its address made of a number; 0: that it shall be absent. */
export function desired(name: string, number: number, type: 'A' | 'AAAA' = 'A'): DesiredRecord {
  const address = type === 'A' ? `203.0.${number >> 8}.${number & 255}` : `2001:db8::${number.toString(16)}`
  const target = number === 0 ? ({ kind: 'absent' } as const) : ({ kind: 'address', address } as const)
  return { name, type, target, ttlSeconds: 60 }
}
