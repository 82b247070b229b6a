import { awsErrorKind, describeSilence } from '../aws-errors.js'
import type { DatabaseConfig } from '../config/config.js'

/** Why the host database could not be read or written, in one sentence that says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  /**
   * `passing`: trying again may help. `permanent`: it cannot, before somebody changes something. `conflict`: somebody
   * else has written meanwhile. `unknown`: it may have been written, or not.
   */
  readonly kind: StoreErrorKind
  /** What S3, the SDK or Node.js calls it, such as `NoSuchKey`; empty where none of them has complained. */
  readonly code: string

  constructor(message: string, kind: StoreErrorKind, code = '') {
    super(message)
    this.kind = kind
    this.code = code
  }
}

type StoreErrorKind = 'passing' | 'permanent' | 'conflict' | 'unknown'

/** What the SDK throws for a call to S3. */
interface S3Error extends Error {
  readonly code?: string
  /** The region that S3 wants a request signed for, with AuthorizationHeaderMalformed. */
  readonly Region?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
}

/**
 * Turns what the AWS SDK throws into a StoreError that names the variable to look at, and repeats nothing that AWS says of
 * a key; a StoreError stays as it is.
 */
export function describeStoreError(thrown: unknown, config: DatabaseConfig): StoreError {
  if (thrown instanceof StoreError) return thrown
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as S3Error
  const status = error.$metadata?.httpStatusCode
  const code = error.code ?? error.name
  const storeError = (what: string, kind: StoreErrorKind) =>
    new StoreError(`the host database s3://${config.bucket}/${config.key} ${what}`, kind, code)
  if (status === 412 || status === 409)
    return storeError('was changed by somebody else meanwhile', 'conflict')
  const permanent =
    describeObject(error) ??
    describeRefusal(error.name) ??
    describePlace(error, config) ??
    (status === 403 ? denied : undefined)
  if (permanent) return storeError(`cannot be used: ${permanent}${ownSentence(error)}`, 'permanent')
  const silence = describeSilence(error)
  const reason = silence ?? (error.message.includes(code) ? error.message : `${code}: ${error.message}`)
  const advice = 'check the network of this machine, and AWS_ENDPOINT_URL_S3 if it is set'
  return storeError(`is out of reach (${reason})${status === undefined ? `: ${advice}` : ''}`, 'passing')
}

/** At most this much of a sentence of AWS is repeated, in characters. */
const maxSentence = 300

/**
 * AWS's own words, to stand behind ours; empty where they may repeat what was sent of a key (they do so where the caller is
 * not known), and where there are none.
 */
function ownSentence({ name, message }: S3Error): string {
  const kind = awsErrorKind(name)
  const isOfKey = kind !== undefined && kind !== 'denied' && kind !== 'throttled'
  if (isOfKey || /authorization|signature|credential|\bA[KS]IA/i.test(message)) return ''
  const words = message.replace(/\s+/g, ' ').slice(0, maxSentence)
  return words === '' || words === name ? '' : ` (AWS says ${name}: ${words})`
}

/** What is wrong with the object itself, its key for encryption or the account; undefined where it is not about them. */
function describeObject({ name, message }: S3Error): string | undefined {
  // S3 refuses with AccessDenied too where it is the KMS key that the caller may not use.
  if (name.startsWith('KMS.') || (awsErrorKind(name) === 'denied' && /\bkms:/.test(message)))
    return 'the KMS key that encrypts it cannot be used; see that it is enabled, and allow kms:Decrypt (and kms:GenerateDataKey to write)'
  switch (name) {
    case 'InvalidObjectState':
      return 'the object is archived: restore it, or upload the database anew'
    case 'AccountProblem':
    case 'NotSignedUp':
      return 'AWS has something against the account; look at its billing page'
    case 'InvalidRequest':
      return 'S3 does not take the request as it is; an object that is encrypted with a key of your own (SSE-C) is not supported'
    default:
      return undefined
  }
}

const denied =
  'access denied; check DYNDNS_BUCKET and DYNDNS_DATABASE, and that the key of AWS_ACCESS_KEY_ID may read (s3:GetObject) or write (s3:PutObject) it: without s3:ListBucket, a missing object is denied too'

/** What AWS has against the caller, for good; undefined where it has nothing, or nothing that lasts. */
function describeRefusal(name: string): string | undefined {
  switch (awsErrorKind(name)) {
    case 'noCredentials':
      return 'no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
    case 'unknownKey':
      return 'AWS does not know the access key; check AWS_ACCESS_KEY_ID'
    case 'wrongSecret':
      return 'the secret does not belong to the access key; check AWS_SECRET_ACCESS_KEY'
    case 'expired':
      return 'the AWS credentials have expired; set new AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
    case 'clock':
      return 'the clock of this machine is wrong; set it right'
    case 'denied':
      return denied
    case 'throttled':
    case undefined:
      return undefined
  }
}

/** What is wrong with the bucket or the key of the object; undefined where that is not what the error is about. */
function describePlace(error: S3Error, { bucket, key, aws }: DatabaseConfig): string | undefined {
  switch (error.name) {
    case 'NoSuchBucket':
      return `there is no bucket ${bucket}; check DYNDNS_BUCKET`
    case 'InvalidBucketName':
      return `${bucket} is not a bucket name; check DYNDNS_BUCKET`
    case 'NoSuchKey':
      return `there is no object ${key} in the bucket; check DYNDNS_DATABASE, or make the database with dyndns53 add-host`
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed': {
      const region = error.Region ? `the bucket lies in ${error.Region}` : 'the bucket lies in another region'
      return `${region} and AWS_REGION says ${aws.region}; set AWS_REGION to the bucket's own`
    }
    default:
      return undefined
  }
}
