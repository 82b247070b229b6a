import { setTimeout as sleep } from 'node:timers/promises'
import type { Zone } from '../../emulators/route53/zone.js'
import type { HerdHost } from './hosts.js'

const pollMs = 10

/** Looks at what the emulated zone holds, past its API. */
export interface ZoneWatch {
  /** Whether the zone now holds the host's new address and nothing else. */
  isRight(host: HerdHost): boolean
  /** Resolves, to within some milliseconds, once every host has been seen right; or when the signal aborts. */
  readonly allRight: Promise<void>
}

/** Watches until every host is right or the signal aborts. */
export function watchZone(zone: Zone, hosts: readonly HerdHost[], signal: AbortSignal): ZoneWatch {
  const isRight = ({ name, newAddress }: HerdHost) => {
    const [held, ...more] = zone.get(name, 'A').flatMap(({ values }) => values)
    return held === newAddress && more.length === 0
  }

  async function watch(): Promise<void> {
    let wrong = hosts
    let seen: unknown
    while (wrong.length > 0 && !signal.aborted) {
      await sleep(pollMs)
      // An applied batch replaces the table: the same one has been looked at before.
      if (zone.table === seen) continue
      seen = zone.table
      wrong = wrong.filter((host) => !isRight(host))
    }
  }

  return { isRight, allRight: watch() }
}
