import { describe, expect, it } from 'vitest'
import { awsErrorKind, awsErrorNames } from '../src/aws-errors.js'
import { describeFault } from '../src/commands/account.js'
import { resultOfCall, resultOfRead } from '../src/commands/doctor/aws-calls.js'
import { describeStoreError } from '../src/hosts/store-error.js'
import { classifyFault } from '../src/route53/errors.js'
import { sdkError } from './support/sdk-error.js'

const config = { aws: { region: 'eu-west-1', s3PathStyle: false }, bucket: 'bucket', key: 'database.csv' }

/** What Route 53's errors, the store's and the doctor's make of one name. */
interface Classified {
  readonly route53: string
  readonly store: 'permanent' | 'passing'
  /** In the store's sentence. */
  readonly says: RegExp
  readonly doctor: string
  /** Whether it is the clock to the doctor where that is more than 5 minutes off. */
  readonly mayBeClock?: true
  /** In the sentence of a command that asks Route 53. */
  readonly commandSays: RegExp
}

const badCredentials = {
  route53: 'credentials',
  store: 'permanent',
  doctor: 'credentials',
  commandSays: /does not accept the AWS credentials/,
} as const
const missing: Classified = { ...badCredentials, says: /no AWS credentials; set/ }
const unknownKey: Classified = { ...badCredentials, says: /does not know the access key/ }
const wrongSecret: Classified = {
  ...badCredentials,
  says: /secret does not belong to the access key/,
  mayBeClock: true,
}
const expired: Classified = { ...badCredentials, says: /credentials have expired/ }
const clock: Classified = {
  route53: 'credentials',
  store: 'permanent',
  says: /clock of this machine is wrong/,
  doctor: 'clock',
  commandSays: /^the clock of this machine is wrong/,
}
const denied: Classified = {
  route53: 'denied',
  store: 'permanent',
  says: /access denied; check/,
  doctor: 'refusal',
  commandSays: /may not do route53:X: allow it/,
}
const throttled: Classified = {
  route53: 'throttled',
  store: 'passing',
  says: /is out of reach/,
  doctor: 'refusal',
  commandSays: /try again in a minute/,
}

const cases: Readonly<Record<string, Classified>> = {
  CredentialsProviderError: missing,
  MissingAuthenticationToken: missing,
  InvalidAccessKeyId: unknownKey,
  InvalidClientTokenId: unknownKey,
  UnrecognizedClientException: unknownKey,
  SignatureDoesNotMatch: wrongSecret,
  InvalidSignatureException: wrongSecret,
  IncompleteSignature: wrongSecret,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  InvalidToken: expired,
  RequestExpired: clock,
  RequestTimeTooSkewed: clock,
  AccessDenied: denied,
  AccessDeniedException: denied,
  AllAccessDisabled: denied,
  Throttling: throttled,
  ThrottlingException: throttled,
  RequestLimitExceeded: throttled,
  SlowDown: throttled,
}

/** No answer has come, or one by which the clock is right, 4 minutes off or an hour. */
const skews = [undefined, 0, 240_000, -3_600_000]

async function askDoctor(error: Error, skewMs: number | undefined): Promise<string[]> {
  const results = await Promise.all([
    resultOfRead(Promise.reject(describeStoreError(error, config)), () => skewMs),
    resultOfCall(Promise.reject(error), 'route53:X', () => skewMs),
  ])
  return results.map((result) => ('failure' in result ? result.failure.kind : 'value'))
}

it('every name of the list has its case below, and no other', () => {
  const names = Object.values(awsErrorNames).flat()
  expect(new Set(names).size).toBe(names.length)
  expect(Object.keys(cases).sort()).toEqual([...names].sort())
})

describe.each(Object.entries(cases))(
  '%s',
  (name, { route53, store, says, doctor, mayBeClock, commandSays }) => {
    // With 400, so that nobody gets away with a look at the status.
    const error = sdkError(name, 400)

    it('to the calls of Route 53', () => {
      expect(classifyFault(error).kind).toBe(route53)
    })

    it('to the store', () => {
      expect(describeStoreError(error, config)).toMatchObject({
        kind: store,
        message: expect.stringMatching(says),
      })
    })

    it('to the commands that ask Route 53', () => {
      expect(describeFault(error, 'route53:X')).toMatch(commandSays)
    })

    it.each(skews)('to the doctor, the clock %s ms off', async (skewMs) => {
      const read = store === 'passing' ? 'silence' : doctor
      const isOfClock = mayBeClock && Math.abs(skewMs ?? 0) > 300_000
      expect(await askDoctor(error, skewMs)).toEqual(isOfClock ? ['clock', 'clock'] : [read, doctor])
    })
  },
)

it('a clock that the SDK has corrected is the clock to the doctor, however little it has seen itself', async () => {
  const metadata = { httpStatusCode: 403, clockSkewCorrected: true }
  const call = Promise.reject<never>(sdkError('SignatureDoesNotMatch', 403, { $metadata: metadata }))
  expect(await resultOfCall(call, 'route53:X', () => 0)).toMatchObject({ failure: { kind: 'clock' } })
})

it.each(['constructor', 'toString', '__proto__', 'NoSuchKey', 'InvalidChangeBatch', ''])(
  '%j says nothing of the caller',
  (name) => {
    expect(awsErrorKind(name)).toBeUndefined()
  },
)
