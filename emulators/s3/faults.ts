import { createFaultQueue, type Fault, type FaultKind } from '../faults.js'
import type { WireResponse } from '../http.js'
import type { S3Call } from './request.js'

/** What goes wrong with an answer's body; a call without one is not harmed. */
export type BodyFaultKind =
  /** The headers and half of the body, then the connection ends. */
  | { kind: 'truncate' }
  /**
   * The headers and half of the body, then silence (until node:http's keep-alive timeout ends the
   * connection).
   */
  | { kind: 'stall-body' }

/** What goes wrong with an S3 call: the kinds that every emulator has, and those of the body. */
export type S3FaultKind = FaultKind | BodyFaultKind

/** A fault, the calls it is meant for (default: every call) and how many of them it hits (default 1). */
export type S3Fault = Fault<S3Call> | (BodyFaultKind & Pick<Fault<S3Call>, 'on' | 'times'>)

/** The faults waiting to happen to S3 calls; as `FaultQueue`. */
export interface S3FaultQueue {
  inject(fault: S3Fault): () => void
  take(call: S3Call): S3FaultKind | undefined
}

/** A queue without faults. A body fault waits its turn in the shared queue as a delay of nothing. */
export function createS3FaultQueue(): S3FaultQueue {
  const queue = createFaultQueue<S3Call>()
  const bodyFaults = new WeakMap<FaultKind, BodyFaultKind>()
  return {
    inject(fault) {
      if (!isBodyFault(fault)) return queue.inject(fault)
      const standIn: Fault<S3Call> = { ...fault, kind: 'delay', ms: 0 }
      bodyFaults.set(standIn, fault)
      return queue.inject(standIn)
    },
    take(call) {
      const fault = queue.take(call)
      return fault && (bodyFaults.get(fault) ?? fault)
    },
  }
}

function isBodyFault<T extends S3FaultKind>(fault: T): fault is T & BodyFaultKind {
  return fault.kind === 'truncate' || fault.kind === 'stall-body'
}

/** A response that still announces its whole length, but brings only the first half of its body. */
export function halfOf(response: WireResponse, kind: BodyFaultKind['kind']): WireResponse {
  const body = Buffer.from(response.body ?? '')
  const headers: Record<string, string> = { ...response.headers, 'content-length': String(body.length) }
  if (kind === 'truncate') headers['connection'] = 'close' // node:http then hangs up, however much is missing
  return { ...response, headers, body: body.subarray(0, body.length / 2) }
}
