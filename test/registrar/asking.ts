import type { DesiredRecord, UpdateOutcome } from '../../src/registrar/record.js'
import {
  ask,
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

/** What a host asks for. */
export function wanted(name: string, address = first): DesiredRecord {
  return { name: `${name}.example.com`, type: 'A', target: { kind: 'address', address }, ttlSeconds: 60 }
}

/** An empty queue, a clock, and hosts that ask for addresses; each waits for 20 s. */
export function createAsking() {
  const clock = createFakeClock(1000)
  const queue = createRecordQueue(clock)
  const wait = (record: PendingRecord): Asked => {
    const heard: UpdateOutcome[] = []
    void outcomeOf(record, record.desired.target, 20_000, clock).then((outcome) => heard.push(outcome))
    return { record, heard }
  }
  const add = (name: string, address?: string): Asked => {
    const record = pendingRecord(wanted(name, address), clock.now())
    queue.add(record)
    return wait(record)
  }
  /** Asks again for a record that waits. */
  const again = ({ record }: Asked, address?: string): Asked => {
    ask(record, wanted(hostsOf([record]), address), clock.now())
    return wait(record)
  }
  return { clock, queue, add, again, order: () => hostsOf(queue.records()) }
}

/** The first labels of the records' names, one after the other. */
export function hostsOf(records: Iterable<PendingRecord>): string {
  return [...records].map(({ desired }) => desired.name.replace('.example.com', '')).join('')
}
