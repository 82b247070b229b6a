import type { Reply, WireResponse } from '../http.js'
import { errorResponse, newRequestId, S3Error } from './errors.js'
import { halfOf, type S3FaultKind } from './faults.js'

/**
 * The reply to a call that meets this fault, or none; `apply` carries the call out, or throws S3Error to
 * refuse it.
 */
export function replyWith(fault: S3FaultKind | undefined, apply: () => WireResponse): Reply {
  switch (fault?.kind) {
    case undefined:
    case 'delay':
    case 'meddle':
      return respond(apply)
    case 'reset':
    case 'stall':
      return fault.kind
    case 'apply-then-reset':
      respond(apply)
      return 'reset'
    case 'apply-then-stall':
      respond(apply)
      return 'stall'
    case 'refuse':
      return errorResponse(new S3Error(fault.status, fault.code, fault.message))
    case 'throttle':
      return errorResponse(new S3Error(503, 'SlowDown', 'Please reduce your request rate.'))
    case 'raw':
      return fault
    case 'truncate':
    case 'stall-body':
      return halfOf(respond(apply), fault.kind)
  }
}

/** What `apply` gives, or S3's XML for its refusal. */
function respond(apply: () => WireResponse): WireResponse {
  try {
    const response = apply()
    return { ...response, headers: { 'x-amz-request-id': newRequestId(), ...response.headers } }
  } catch (error) {
    if (error instanceof S3Error) return errorResponse(error)
    throw error
  }
}
