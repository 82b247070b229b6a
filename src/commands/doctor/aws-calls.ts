import { watchDates } from '../../aws.js'
import { awsErrorKind } from '../../aws-errors.js'
import { StoreError } from '../../hosts/store-error.js'
import { classifyFault } from '../../route53/errors.js'
import { describeFault } from '../account.js'
import { failed, ok, skipped, type Verdict, warning } from './finding.js'

/** Why a call to AWS failed, as far as the checks tell it apart. */
export interface CallFailure {
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
export type CallResult<T> = { readonly value: T } | { readonly failure: CallFailure }

/** How far AWS's clock is ahead of this machine's, in milliseconds; negative: behind; undefined before any answer. */
export type ReadSkew = () => number | undefined

/** AWS refuses a request whose time is off by more than this; S3 gives it three times as much. */
const maxSkewMs = 5 * 60_000
/** More than an answer's way and its whole seconds explain. */
const noticeableSkewMs = 60_000

/** Compares the time of every answer that these clients get with that of this machine; the furthest off is what counts. */
export function watchSkew(clients: readonly Parameters<typeof watchDates>[0][]): ReadSkew {
  let worstMs: number | undefined
  for (const client of clients) {
    watchDates(client, (date) => {
      const skewMs = Date.parse(date) - Date.now()
      if (Number.isNaN(skewMs)) return
      if (worstMs === undefined || Math.abs(skewMs) > Math.abs(worstMs)) worstMs = skewMs
    })
  }
  return () => worstMs
}

/** What came of reading the database. Throws what is no StoreError. */
export async function resultOfRead<T>(call: Promise<T>, readSkew: ReadSkew): Promise<CallResult<T>> {
  try {
    return { value: await call }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const { code, message } = error
    const otherwise = error.kind === 'passing' ? 'silence' : 'refusal'
    return { failure: { kind: refusalOfCaller(code, readSkew()) ?? otherwise, code, message } }
  }
}

/** What came of a call to Route 53 that needs the permission `action`. Throws nothing. */
export async function resultOfCall<T>(
  call: Promise<T>,
  action: string,
  readSkew: ReadSkew,
): Promise<CallResult<T>> {
  try {
    return { value: await call }
  } catch (error) {
    const { kind } = classifyFault(error)
    const code = error instanceof Error ? error.name : ''
    const otherwise = kind === 'unreachable' || kind === 'lost' ? 'silence' : 'refusal'
    const ofCaller = kind === 'skewed' ? 'clock' : refusalOfCaller(code, readSkew())
    return { failure: { kind: ofCaller ?? otherwise, code, message: describeFault(error, action) } }
  }
}

/** Whether AWS did not take the credentials or the time; undefined for an error that says neither. */
function refusalOfCaller(code: string, skewMs = 0): 'credentials' | 'clock' | undefined {
  switch (awsErrorKind(code)) {
    case 'clock':
      return 'clock'
    case 'wrongSecret':
      // Some services call a wrong time a wrong signature.
      return Math.abs(skewMs) > maxSkewMs ? 'clock' : 'credentials'
    case 'noCredentials':
    case 'unknownKey':
    case 'expired':
      return 'credentials'
    case 'denied':
    case 'throttled':
    case undefined:
      return undefined
  }
}

/** Whether AWS knows the credentials, by what the first calls to S3 and Route 53 came to. */
export function checkCredentials(results: readonly CallResult<unknown>[]): Verdict {
  const failures = results.flatMap((result) => ('failure' in result ? [result.failure] : []))
  const refusal = failures.find(({ kind }) => kind === 'credentials')
  if (refusal) return failed(refusal.message)
  const isKnown = failures.length < results.length || failures.some(({ kind }) => kind === 'refusal')
  return isKnown ? ok('AWS knows them') : skipped('AWS has said nothing about them: see what failed below')
}

/** What a check makes of a failed call: of the credentials and the clock, other checks have more to say. */
export function verdictOn({ kind, message }: CallFailure): Verdict {
  if (kind === 'credentials') return skipped('AWS must know the credentials first')
  if (kind === 'clock') return skipped('the clock of this machine must be set right first')
  return failed(message)
}

/** Whether the clock of this machine is right enough for AWS; `skewMs` as `watchSkew` found it. */
export function checkClock(skewMs: number | undefined): Verdict {
  if (skewMs === undefined) return skipped('AWS has given no answer to compare it with')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  if (Math.abs(skewMs) <= noticeableSkewMs) {
    return ok(`the clock of this machine is within ${noticeableSkewMs / 1000} s of that of AWS`)
  }
  const off = `the clock of this machine is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} that of AWS`
  const limit = `AWS refuses requests that are more than ${maxSkewMs / 60_000} minutes off`
  const verdict = Math.abs(skewMs) > maxSkewMs ? failed : warning
  return verdict(`${off}, and ${limit}: set it right, best by NTP`)
}
