import { StoreError } from '../../hosts/store-error.js'
import { classifyFault } from '../../route53/errors.js'
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
export function attemptRead<T>(call: Promise<T>, skewMs: () => number | undefined): Promise<Attempt<T>> {
  return attempt(call, skewMs, (error) => {
    if (!(error instanceof StoreError)) throw error
    const { code, message } = error
    const silence = error.kind === 'passing' ? 'silence' : 'refusal'
    return { kind: credentialCodes.has(code) ? 'credentials' : silence, code, message }
  })
}

/** The same for a call to Route 53 that needs the permission `action`. */
export function attemptCall<T>(
  call: Promise<T>,
  action: string,
  skewMs: () => number | undefined,
): Promise<Attempt<T>> {
  return attempt(call, skewMs, (error) => {
    const { kind } = classifyFault(error)
    const code = error instanceof Error ? error.name : ''
    const silence = kind === 'unreachable' || kind === 'lost' ? 'silence' : 'refusal'
    return { kind: kind === 'credentials' ? kind : silence, code, message: describeFault(error, action) }
  })
}

async function attempt<T>(
  call: Promise<T>,
  skewMs: () => number | undefined,
  troubleOf: (error: unknown) => Trouble,
): Promise<Attempt<T>> {
  try {
    return { value: await call }
  } catch (error) {
    const trouble = troubleOf(error)
    return { trouble: isOfClock(trouble.code, skewMs()) ? { ...trouble, kind: 'clock' } : trouble }
  }
}

/** Some services call a wrong time a wrong signature. */
function isOfClock(code: string, skewMs = 0): boolean {
  return clockCodes.has(code) || (code === 'SignatureDoesNotMatch' && Math.abs(skewMs) > maxSkewMs)
}
