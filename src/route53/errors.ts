import { awsErrorNames } from '../aws-errors.js'

/** Why a call to Route 53 failed, as far as it decides what to do next. */
export interface Fault {
  readonly kind: /** The account's quota is used up; nothing was applied. */
    | 'throttled'
    /** Another change of the zone is in flight (PriorRequestNotComplete); nothing was applied. */
    | 'busy'
    /** Route 53 rejected what the batch says; nothing was applied. */
    | 'rejected'
    /** This key may not do that, maybe for one name of the batch only; nothing was applied. */
    | 'denied'
    /** Missing, unknown or wrong AWS credentials; nothing was applied. */
    | 'credentials'
    /** This machine's clock is wrong; nothing was applied, and the SDK now goes by the clock of AWS. */
    | 'skewed'
    /** The hosted zone does not exist (any more); nothing was applied. */
    | 'zone-gone'
    /** Route 53 could not be reached; nothing was applied. */
    | 'unreachable'
    /** The answer was lost or unreadable: the change may have been applied. */
    | 'lost'
  readonly message: string
}

const namesByKind: readonly (readonly [Fault['kind'], readonly string[]])[] = [
  ['throttled', awsErrorNames.throttled],
  ['busy', ['PriorRequestNotComplete']],
  ['rejected', ['InvalidChangeBatch', 'InvalidInput']],
  ['denied', awsErrorNames.denied],
  ['zone-gone', ['NoSuchHostedZone']],
  ['credentials', [...awsErrorNames.noCredentials, ...awsErrorNames.unknownKey]],
  ['credentials', [...awsErrorNames.wrongSecret, ...awsErrorNames.expired, ...awsErrorNames.clock]],
]

const kindByName: ReadonlyMap<string, Fault['kind']> = new Map(
  namesByKind.flatMap(([kind, names]) => names.map((name) => [name, kind] as const)),
)

const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

interface SdkError extends Error {
  readonly code?: string
  /** The SDK adds `clockSkewCorrected` where the Date of the refusal made it correct its idea of the time. */
  readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean }
  /** Where the SDK leaves the text of the documented `<InvalidChangeBatch><Messages>` form. */
  readonly Messages?: { readonly Message?: string | readonly string[] }
}

/** A call to Route 53 that failed: what the SDK threw, sorted. Whatever else is thrown around a call is a bug of ours. */
export class CallError extends Error {
  readonly fault: Fault

  /** `thrown` is what the SDK threw; the name stays. */
  constructor(thrown: unknown) {
    super(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })
    this.fault = classifyFault(thrown)
    this.name = thrown instanceof Error ? thrown.name : 'CallError'
  }
}

/** The fault of a call. Throws what is not a CallError on: a bug. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CallError) return error.fault
  throw error
}

/** Whether Route 53 has refused a batch for what it says, in either of the two forms of that answer. */
export function isInvalidChangeBatch(thrown: unknown): boolean {
  const error = (thrown instanceof CallError ? thrown.cause : thrown) as Partial<SdkError> | undefined
  return error?.name === 'InvalidChangeBatch' || error?.Messages !== undefined
}

/** Reads an error of the AWS SDK by its name, code and HTTP status, never by its sentence. */
export function classifyFault(thrown: unknown): Fault {
  if (thrown instanceof CallError) return thrown.fault
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError
  if (error.Messages) {
    return { kind: 'rejected', message: [error.Messages.Message ?? 'InvalidChangeBatch'].flat().join(' ') }
  }
  const message = `${error.name}: ${error.message}`
  const named = kindByName.get(error.name)
  if (named === 'credentials' && error.$metadata?.clockSkewCorrected)
    return { kind: 'skewed', message: error.name }
  // What AWS says of bad credentials may repeat the Authorization header.
  if (named === 'credentials') return { kind: named, message: error.name }
  if (named) return { kind: named, message }
  if (neverConnected.has(error.code ?? '')) return { kind: 'unreachable', message }
  const status = error.$metadata?.httpStatusCode ?? 0
  if (status === 429) return { kind: 'throttled', message }
  if (status === 403) return { kind: 'denied', message }
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'rejected', message }
  return { kind: 'lost', message }
}
