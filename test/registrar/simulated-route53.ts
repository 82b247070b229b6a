import { Route53Error } from '../../emulators/route53/errors.js'
import type { Pending, Route53Model } from '../../emulators/route53/model.js'
import { canonicalName, type Route53 } from '../../src/route53/api.js'
import { CallError } from '../../src/route53/errors.js'
import type { FakeClock } from '../net/fake-clock.js'

/** What may happen to one call. */
export type Mishap =
  | 'none'
  | 'refused'
  | 'throttled'
  /** The connection breaks before anything is applied, or after. */
  | 'lost'
  | 'applied-then-lost'
  /** No answer until the caller gives up; never applied, or applied at once, or applied long after that. */
  | 'stalled'
  | 'applied-then-stalled'
  | 'applied-late'

export const mishaps: readonly Mishap[] = [
  'none',
  'refused',
  'throttled',
  'lost',
  'applied-then-lost',
  'stalled',
  'applied-then-stalled',
  'applied-late',
]

const latencyMs = 100
/** After this a caller gives up a call; a late one is applied after that. */
const timeoutMs = 8000
const lateMs = 20_000

/** Route 53 as the registrar sees it, in virtual time and without a wire; `nextMishap` is asked before each call. */
export function simulateRoute53(model: Route53Model, clock: FakeClock, nextMishap: () => Mishap): Route53 {
  const sleep = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))

  async function read<T>(work: () => T): Promise<T> {
    const mishap = nextMishap()
    if (mishap === 'refused') throw callError('Error', 'ECONNREFUSED')
    await sleep(latencyMs)
    if (mishap === 'throttled') throw callError('Throttling')
    if (mishap === 'lost' || mishap === 'applied-then-lost') throw callError('TimeoutError', 'ECONNRESET')
    if (mishap !== 'none') {
      await sleep(timeoutMs - latencyMs)
      throw callError('AbortError')
    }
    return asSdk(work)
  }

  return {
    listZones: () =>
      read(() => ({
        zones: model
          .listHostedZones()
          .zones.filter((zone) => !zone.private)
          .map(({ id, name }) => ({ id, name: canonicalName(name) })),
      })),
    getZone: (id) => read(() => ({ id, name: canonicalName(model.getHostedZone(id).name) })),
    listRecordSets: (zoneId, start, maxItems) =>
      read(() => {
        const { name, type, setIdentifier: identifier } = start
        const page = model.listResourceRecordSets(zoneId, { name, type, identifier, maxItems })
        const recordSets = page.recordSets.map((set) => ({
          name: canonicalName(set.name),
          type: set.type,
          values: set.values,
          ...(set.ttl !== undefined && { ttlSeconds: set.ttl }),
          ...(set.setIdentifier !== undefined && { foreign: 'a member of a routing policy' }),
          ...(set.aliasTarget && { foreign: 'an alias' }),
        }))
        if (!page.next) return { recordSets }
        return { recordSets, next: { name: canonicalName(page.next.name), type: page.next.type } }
      }),
    async change(zoneId, wanted) {
      const mishap = nextMishap()
      if (mishap === 'refused') throw callError('Error', 'ECONNREFUSED')
      if (mishap === 'throttled') throw callError('Throttling')
      if (mishap === 'lost') throw callError('TimeoutError', 'ECONNRESET')
      const changes = wanted.map(({ action, name, type, ttlSeconds, values }) => ({
        action,
        recordSet: { name, type, ttl: ttlSeconds, values: [...values] },
      }))
      const pending = asSdk(() => model.beginChange(zoneId, changes))
      if (mishap === 'applied-late') {
        clock.after(lateMs, () => applyIfItCan(pending))
        await sleep(timeoutMs)
        throw callError('AbortError')
      }
      if (mishap === 'stalled') {
        await sleep(timeoutMs)
        pending.abandon()
        throw callError('AbortError')
      }
      await sleep(latencyMs)
      const change = asSdk(() => pending.apply())
      if (mishap === 'applied-then-lost') throw callError('TimeoutError', 'ECONNRESET')
      if (mishap === 'applied-then-stalled') {
        await sleep(timeoutMs)
        throw callError('AbortError')
      }
      return change.id
    },
  }
}

/** Nobody is there any more to hear that the zone is gone. */
function applyIfItCan(pending: Pending): void {
  try {
    pending.apply()
  } catch (error) {
    if (!(error instanceof Route53Error)) throw error
  }
}

/** Runs a call on the model; its refusals look as the SDK shows them. */
function asSdk<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Route53Error)
      throw new CallError(Object.assign(new Error(error.message), { name: error.code }))
    throw error
  }
}

/** What a call throws where the SDK has thrown an error of this name and code. */
export function callError(name: string, code?: string): CallError {
  return new CallError(Object.assign(new Error(name), { name, code }))
}
