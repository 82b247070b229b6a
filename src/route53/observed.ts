import type { Publish, Route53Called } from '../events.js'
import type { Route53 } from './api.js'
import { faultOf } from './errors.js'

/** The same calls, each of which is published when it has ended. */
export function observeRoute53(route53: Route53, publish: Publish): Route53 {
  async function observe<T>(
    operation: Route53Called['operation'],
    changes: number,
    call: () => Promise<T>,
  ): Promise<T> {
    const startedMs = performance.now()
    const end = (fault: Route53Called['fault']) =>
      publish({ kind: 'route53-called', operation, ms: performance.now() - startedMs, changes, fault })
    try {
      const answer = await call()
      end(undefined)
      return answer
    } catch (error) {
      end(faultOf(error).kind)
      throw error
    }
  }

  return {
    listZones: (marker) => observe('list-zones', 0, () => route53.listZones(marker)),
    getZone: (id) => observe('get-zone', 0, () => route53.getZone(id)),
    listRecordSets: (zoneId, start, maxItems) =>
      observe('list-record-sets', 0, () => route53.listRecordSets(zoneId, start, maxItems)),
    change: (zoneId, changes) => observe('change', changes.length, () => route53.change(zoneId, changes)),
  }
}
