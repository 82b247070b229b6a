/** What goes wrong; every kind but `delay` and `meddle` decides the answer, and only the two `apply-…` kinds apply the call. */
export type FaultKind =
  /** Refused with this HTTP status, error code and message; nothing is applied. */
  | { kind: 'refuse'; status: number; code: string; message: string }
  /** Refused as the service refuses a caller over its rate. */
  | { kind: 'throttle' }
  /** The connection is reset before anything is applied. */
  | { kind: 'reset' }
  /** Nothing is applied and no answer ever comes. */
  | { kind: 'stall' }
  /** Applied, then the connection is reset instead of the answer. */
  | { kind: 'apply-then-reset' }
  /** Applied, but the answer never comes. */
  | { kind: 'apply-then-stall' }
  /** Nothing is applied; these bytes are the whole answer (an HTML page of a proxy, broken XML, …). */
  | { kind: 'raw'; status: number; body: string | Uint8Array; headers?: Record<string, string> }
  /** The call waits for this long and then goes on as if nothing had happened. */
  | { kind: 'delay'; ms: number }
  /** Somebody else makes this edit just before the call is judged, which then goes on as if nothing had happened. */
  | { kind: 'meddle'; edit: () => void }

/** A fault, the calls it is meant for (default: every call) and how many of them it hits (default 1). */
export type Fault<Call> = FaultKind & { on?: (call: Call) => boolean; times?: number }

/** The faults waiting to happen to an emulator's calls. */
export interface FaultQueue<Call> {
  /** Adds a fault behind those already there; returns a function that takes it away again. */
  inject(fault: Fault<Call>): () => void
  /** The first fault meant for this call, used up by one; undefined when the call is to go well. */
  take(call: Call): FaultKind | undefined
}

/** A queue without faults. The oldest fault that fits a call happens to it, one fault for each call. */
export function createFaultQueue<Call>(): FaultQueue<Call> {
  let waiting: { fault: Fault<Call>; left: number }[] = []
  return {
    inject(fault) {
      const entry = { fault, left: fault.times ?? 1 }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
    take(call) {
      const entry = waiting.find(({ fault }) => fault.on?.(call) ?? true)
      if (!entry) return undefined
      entry.left -= 1
      if (entry.left <= 0) waiting = waiting.filter((other) => other !== entry)
      return entry.fault
    },
  }
}
