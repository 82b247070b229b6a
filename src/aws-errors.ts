/**
 * What the services of AWS and their SDK say of whoever calls, by the name of the error: each service has a name of its
 * own for the same thing (the API references of Route 53, "Common Error Types", and of S3, "Error Responses").
 */
export const awsErrorNames = {
  /** The SDK has found no credentials, or sent none. */
  noCredentials: ['CredentialsProviderError', 'MissingAuthenticationToken'],
  /** There is no such access key, or no longer. */
  unknownKey: ['InvalidAccessKeyId', 'InvalidClientTokenId', 'UnrecognizedClientException'],
  /** The secret is not that of the key; some services call a wrong clock the same. */
  wrongSecret: ['SignatureDoesNotMatch', 'InvalidSignatureException', 'IncompleteSignature'],
  /** Temporary credentials whose time is over. */
  expired: ['ExpiredToken', 'ExpiredTokenException', 'InvalidToken'],
  /** The time of the request is too far from that of AWS. */
  clock: ['RequestExpired', 'RequestTimeTooSkewed'],
  /** AWS knows the caller, whose policy does not allow this call. */
  denied: ['AccessDenied', 'AccessDeniedException', 'AllAccessDisabled'],
  /** Too many calls; the same call may be made again later. */
  throttled: ['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'SlowDown'],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** What an error says of whoever calls. */
export type AwsErrorKind = keyof typeof awsErrorNames

const kinds = Object.keys(awsErrorNames) as AwsErrorKind[]

const kindOfName: ReadonlyMap<string, AwsErrorKind> = new Map(
  kinds.flatMap((kind) => awsErrorNames[kind].map((name) => [name, kind] as const)),
)

/** The kind of the error of this name; undefined for a name that is about something else than the caller, or unknown. */
export function awsErrorKind(name: string): AwsErrorKind | undefined {
  return kindOfName.get(name)
}

/** An error of a call to AWS, with what the clients of `createS3Client` and `createRoute53Client` add to it. */
interface AwsCallError extends Error {
  readonly code?: string
  /** Where the call went, such as `https://s3.eu-west-1.amazonaws.com`. */
  readonly endpoint?: string
}

/** Says that a call got no answer in time, and from where; undefined for any other error. */
export function describeSilence(thrown: unknown): string | undefined {
  const { name, code, endpoint, cause } = thrown as AwsCallError
  const isSilence = name === 'AbortError' || code === 'ETIMEDOUT' || (name === 'TimeoutError' && !code)
  if (!isSilence) return undefined
  const where = endpoint ?? (cause as AwsCallError | undefined)?.endpoint
  return where === undefined ? 'the answer did not come in time' : `no answer from ${where} in time`
}
