import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultKind, FaultQueue } from '../faults.js'
import type { Reply, WireRequest, WireResponse } from '../http.js'
import type { Call } from './calls.js'
import {
  accessDenied,
  invalidClientTokenId,
  missingAuthenticationToken,
  Route53Error,
  throttling,
} from './errors.js'
import type { Route53Model } from './model.js'
import { readCall } from './requests.js'
import {
  type Answer,
  answerCall,
  answerChange,
  answerError,
  type InvalidChangeBatchForm,
} from './responses.js'

/** What may be changed while the emulator runs; the next call sees the new value. */
export interface Route53Settings {
  /** How long every call takes; a change holds its zone's lock for that time and is applied at its end. Default 0. */
  latencyMs: number
  /** Default ErrorResponse, as the real service answers. */
  invalidChangeBatchForm: InvalidChangeBatchForm
  /** What the caller's policy allows (default: everything); the rest is refused with AccessDenied. */
  allow: (call: Call) => boolean
  /** The only access key that is let in; undefined (the default): any, and unsigned requests. Signatures are NOT verified. */
  accessKeyId: string | undefined
}

/** Everything that takes part in answering a request. */
export interface Service {
  model: Route53Model
  settings: Readonly<Route53Settings>
  faults: FaultQueue<Call>
}

/** Answers one request. Malformed requests are answered, but not logged: they are no call yet. */
export async function handle(service: Service, request: WireRequest): Promise<Reply> {
  const { model, settings, faults } = service
  let call: Call
  try {
    call = readCall(request.method, request.url, request.body.toString())
  } catch (error) {
    return refuse(error, settings)
  }
  const refusal = admission(settings, call, request.headers.authorization)
  if (refusal) {
    model.record(call, refusal.code)
    return refuse(refusal, settings)
  }
  const fault = faults.take(call)
  return fault ? suffer(service, call, fault) : perform(service, call)
}

function admission(
  { accessKeyId, allow }: Readonly<Route53Settings>,
  call: Call,
  authorization = '',
): Route53Error | undefined {
  if (accessKeyId !== undefined) {
    const given = /Credential=([^/]+)\//.exec(authorization)?.[1]
    if (given === undefined) return missingAuthenticationToken()
    if (given !== accessKeyId) return invalidClientTokenId()
  }
  if (allow(call)) return undefined
  return accessDenied(call.action, 'zoneId' in call ? call.zoneId : undefined)
}

async function suffer(service: Service, call: Call, fault: FaultKind): Promise<Reply> {
  const { model, settings } = service
  switch (fault.kind) {
    case 'delay':
      await pause(fault.ms)
      return perform(service, call)
    case 'meddle':
      fault.edit()
      return perform(service, call)
    case 'apply-then-reset':
      await perform(service, call)
      return 'reset'
    case 'apply-then-stall':
      await perform(service, call)
      return 'stall'
    case 'throttle':
      model.record(call, throttling().code)
      return refuse(throttling(), settings)
    case 'refuse':
      model.record(call, fault.code)
      return refuse(new Route53Error(fault.status, fault.code, fault.message), settings)
    case 'raw':
      model.record(call, fault.kind)
      return { status: fault.status, headers: fault.headers ?? {}, body: fault.body }
    case 'reset':
    case 'stall':
      model.record(call, fault.kind)
      return fault.kind
  }
}

async function perform({ model, settings }: Service, call: Call): Promise<WireResponse> {
  const latency = pause(settings.latencyMs)
  try {
    const finish = start(model, call)
    await latency
    return respond(finish())
  } catch (error) {
    await latency
    return refuse(error, settings)
  }
}

/** Does a call as far as it goes on its arrival; what is left is done when the returned function is called. */
function start(model: Route53Model, call: Call): () => Answer {
  if (call.action === 'ChangeResourceRecordSets') {
    const pending = model.beginChange(call.zoneId, call.changes, call.comment)
    return () => answerChange(pending.apply())
  }
  const answer = answerCall(model, call)
  return () => answer
}

function refuse(error: unknown, { invalidChangeBatchForm }: Readonly<Route53Settings>): WireResponse {
  if (!(error instanceof Route53Error)) throw error
  const requestId = randomUUID()
  return respond(answerError(error, invalidChangeBatchForm, requestId), requestId)
}

function respond({ status, body, location }: Answer, requestId: string = randomUUID()): WireResponse {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
  return { status, headers: location === undefined ? headers : { ...headers, location }, body }
}

/** Waits; not at all for 0 ms. Does not keep the process alive. */
async function pause(ms: number): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { ref: false })
}
