import type { Zone } from '../route53/api.js'
import type { Fault } from '../route53/errors.js'
import { createRecordQueue, keyOf, type PendingRecord, type RecordQueue } from './record-queue.js'
import { createRetryDelay } from './retry-delay.js'
import { createWorkLoop, type WorkLoop } from './retry-loop.js'
import { answerIfOwnersFault, type WriterContext } from './writer-context.js'
import { runCycle } from './zone-cycle.js'

/** Brings one zone to what is desired of it, one cycle at a time. */
export interface ZoneWriter extends WorkLoop {
  readonly queue: RecordQueue
  /** The records that the cycle under way is about, by key. */
  readonly inFlight: ReadonlyMap<string, PendingRecord>
}

/** A cycle takes no more than a full batch. */
const maxPerCycle = 500

/** A writer with nothing to do; `onZoneGone` takes over its records when Route 53 says that the zone is gone. */
export function createZoneWriter(
  zone: Zone,
  context: WriterContext,
  onZoneGone: (records: PendingRecord[]) => void,
): ZoneWriter {
  const queue = createRecordQueue(context.clock)
  const inFlight = new Map<string, PendingRecord>()
  const retryDelay = createRetryDelay(context.random)

  async function cycle(): Promise<Fault | undefined> {
    const fault = await runCycle(zone, inFlight, queue.records(), context)
    const unsettled = [...inFlight.values()]
    inFlight.clear()
    queue.giveBack(unsettled)
    return fault
  }

  const loop = createWorkLoop({ ...context, queue }, async () => {
    for (const record of queue.takeDue(maxPerCycle)) inFlight.set(keyOf(record.desired), record)
    if (inFlight.size === 0) return { ms: queue.nextDueInMs(), untilArrival: true }
    const fault = await cycle()
    if (!fault) {
      retryDelay.reset()
      return { ms: 0 }
    }
    context.log.warn({ zone: zone.name, fault: fault.kind, reason: fault.message }, 'Route 53 call failed')
    if (fault.kind === 'throttled') {
      context.requests.drain()
      context.changes.drain()
    }
    if (fault.kind === 'zone-gone') onZoneGone(queue.takeAll())
    answerIfOwnersFault(fault, queue)
    return { ms: retryDelay.nextMs(fault) }
  })

  return { queue, inFlight, run: loop.run }
}
