import type { UpdateOutcome } from '../../src/registrar/record.js'
import {
  createRecordQueue,
  outcomeOf,
  type PendingRecord,
  pendingRecord,
} from '../../src/registrar/record-queue.js'
import { createFakeClock } from '../net/fake-clock.js'

/** Two addresses that a host may ask for. */
export const first = '192.0.2.1'
export const second = '192.0.2.2'

/** A record, and what the one who asked for it has heard so far. */
export interface Asked {
  readonly record: PendingRecord
  readonly heard: UpdateOutcome[]
}

/** An empty queue, a clock, and hosts that ask for addresses; each waits for 20 s. */
export function createAsking() {
  const clock = createFakeClock(1000)
  const queue = createRecordQueue(clock)
  const ask = (name: string, address = first): Asked => {
    const want = { kind: 'address', address } as const
    const desired = { name: `${name}.example.com`, type: 'A', want, ttlSeconds: 60 } as const
    const record = pendingRecord(desired, clock.now())
    const heard: UpdateOutcome[] = []
    void outcomeOf(record, 20_000, clock).then((outcome) => heard.push(outcome))
    return { record, heard }
  }
  const add = (name: string, address?: string): Asked => {
    const asked = ask(name, address)
    queue.add(asked.record)
    return asked
  }
  return { clock, queue, ask, add, order: () => hostsOf(queue.records()) }
}

/** The first labels of the records' names, one after the other. */
export function hostsOf(records: Iterable<PendingRecord>): string {
  return [...records].map(({ desired }) => desired.name.replace('.example.com', '')).join('')
}
