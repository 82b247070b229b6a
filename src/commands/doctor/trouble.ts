import { classifyFault } from '../../dns/fault.js'
import { StoreError } from '../../hosts/store-fault.js'
import { clockCodes, describeFault } from '../account.js'

/** Why a call to AWS failed, as far as the checks tell it apart. */
export interface Trouble {
  readonly kind: /** AWS does not know the credentials, or there are none. */
    | 'credentials'
    /** AWS does not take the time of the request. */
    | 'clock'
    /** No answer that says anything about the credentials. */
    | 'silence'
    /** What AWS says only to somebody whom it knows. */
    | 'refusal'
  /** The name of the error. */
  readonly code: string
  /** For a person, with what to do. */
  readonly message: string
}

/** A call's answer, or why there is none. */
export type Attempt<T> = { readonly value: T } | { readonly trouble: Trouble }

/** AWS refuses a request whose time is off by more than this; S3 gives it three times as much. */
export const maxSkewMs = 5 * 60_000

const credentialCodes = new Set([
  'CredentialsProviderError',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidToken',
])

/** Reads the database; `skewMs` says how far off the clock was seen to be, once the call has ended. */
export async function attemptRead<T>(
  call: Promise<T>,
  skewMs: () => number | undefined,
): Promise<Attempt<T>> {
  try {
    return { value: await call }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { code, message } = error
    const silence = error.kind === 'passing' ? 'silence' : 'refusal'
    const kind = credentialCodes.has(code) ? 'credentials' : silence
    return { trouble: { kind: isOfClock(code, skewMs()) ? 'clock' : kind, code, message } }
  }
}

/** The same for a call to Route 53 that needs the permission `action`. */
export async function attemptCall<T>(
  call: Promise<T>,
  action: string,
  skewMs: () => number | undefined,
): Promise<Attempt<T>> {
  try {
    return { value: await call }
  } catch (error) {
    const fault = classifyFault(error)
    const code = error instanceof Error ? error.name : ''
    const silence = fault.kind === 'unreachable' || fault.kind === 'lost' ? 'silence' : 'refusal'
    const kind = fault.kind === 'credentials' ? 'credentials' : silence
    const message = describeFault(error, action)
    return { trouble: { kind: isOfClock(code, skewMs()) ? 'clock' : kind, code, message } }
  }
}

/** Some services call a wrong time a wrong signature. */
function isOfClock(code: string, skewMs = 0): boolean {
  return clockCodes.has(code) || (code === 'SignatureDoesNotMatch' && Math.abs(skewMs) > maxSkewMs)
}
