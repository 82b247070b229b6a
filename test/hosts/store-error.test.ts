import { describe, expect, it } from 'vitest'
import type { DatabaseConfig } from '../../src/config/config.js'
import { describeStoreError, StoreError } from '../../src/hosts/store-error.js'
import { sdkError } from '../support/sdk-error.js'

const config: DatabaseConfig = {
  aws: { region: 'eu-west-1', s3PathStyle: false },
  bucket: 'dyndns.example.com',
  key: 'database.csv',
}

describe('what retrying cannot mend', () => {
  it.each([
    ['NoSuchBucket', 404, 'DYNDNS_BUCKET'],
    ['NoSuchKey', 404, 'DYNDNS_DATABASE'],
    ['AccessDenied', 403, 'DYNDNS_BUCKET'],
    ['AccessDenied', 403, 'DYNDNS_DATABASE'],
    ['AccessDenied', 403, 's3:GetObject'],
    ['AllAccessDisabled', 403, 'DYNDNS_BUCKET'],
    ['SomethingNew', 403, 'DYNDNS_BUCKET'],
    ['InvalidAccessKeyId', 403, 'AWS_ACCESS_KEY_ID'],
    ['SignatureDoesNotMatch', 403, 'AWS_SECRET_ACCESS_KEY'],
    ['ExpiredToken', 400, 'AWS_ACCESS_KEY_ID'],
    ['InvalidToken', 400, 'AWS_ACCESS_KEY_ID'],
    ['CredentialsProviderError', 0, 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'],
    ['PermanentRedirect', 301, 'AWS_REGION says eu-west-1'],
    ['AuthorizationHeaderMalformed', 400, 'AWS_REGION'],
    ['InvalidBucketName', 400, 'DYNDNS_BUCKET'],
  ])('%s (%d) names %s', (name, status, variable) => {
    const fault = describeStoreError(sdkError(name, status), config)
    expect(fault).toBeInstanceOf(StoreError)
    expect(fault.kind).toBe('permanent')
    expect(fault.message).toContain('s3://dyndns.example.com/database.csv')
    expect(fault.message).toContain(variable)
    expect(fault.message).not.toMatch(/\n|undefined/)
  })

  it('says where the bucket is when S3 does', () => {
    const error = sdkError('AuthorizationHeaderMalformed', 400, { Region: 'us-west-2' })
    expect(describeStoreError(error, config).message).toMatch(/us-west-2.*AWS_REGION says eu-west-1/)
  })
})

describe("AWS's own sentence stands behind ours", () => {
  it.each([
    [
      'InvalidObjectState',
      403,
      "not valid for the object's storage class",
      'the object is archived: restore it',
    ],
    [
      'KMS.DisabledException',
      400,
      'arn:aws:kms:…:key/1 is disabled.',
      'see that it is enabled, and allow kms:Decrypt',
    ],
    ['KMS.KMSInvalidStateException', 400, 'arn:aws:kms:…:key/1 is pending deletion.', 'the KMS key'],
    [
      'AccessDenied',
      403,
      'User: arn:aws:iam::123456789012:user/x is not authorized to perform: kms:Decrypt on the resource',
      'allow kms:Decrypt',
    ],
    ['AccessDenied', 403, 'User: x is not authorized to perform: s3:GetObject', 's3:GetObject) or write'],
    ['AccountProblem', 403, 'There is a problem with your AWS account.', 'its billing page'],
    ['NotSignedUp', 403, 'Your account is not signed up for the S3 service.', 'its billing page'],
    ['InvalidRequest', 400, 'The object was stored using a form of Server Side Encryption.', 'SSE-C'],
    ['SomethingNew', 403, 'Something new.', 'check DYNDNS_BUCKET'],
  ])('%s (%d): %s', (name, status, message, ours) => {
    const error = Object.assign(sdkError(name, status), { message })
    const fault = describeStoreError(error, config)
    expect(fault.kind).toBe('permanent')
    expect(fault.message).toContain(ours)
    expect(fault.message.endsWith(` (AWS says ${name}: ${message})`), fault.message).toBe(true)
  })

  it('in one line, and not without end', () => {
    const error = Object.assign(sdkError('SomethingNew', 403), { message: `a\nb ${'c'.repeat(1000)}` })
    expect(describeStoreError(error, config).message).toMatch(/ \(AWS says SomethingNew: a b c{296}\)$/)
  })
})

describe('what may mend itself', () => {
  it.each<[string, unknown, string]>([
    ['SlowDown', sdkError('SlowDown', 503), 'SlowDown: as AWS puts it'],
    ['InternalError', sdkError('InternalError', 500), 'InternalError'],
    ['an HTML page of a 502', sdkError('Unknown', 502), 'Unknown'],
    ['connection refused', sdkError('Error', 0, { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    ['no DNS', sdkError('Error', 0, { code: 'EAI_AGAIN' }), 'EAI_AGAIN'],
    ['no such host', sdkError('Error', 0, { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    ['a reset', sdkError('TimeoutError', 0, { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['a timeout', sdkError('AbortError', 0), '(the answer did not come in time): check the network'],
    [
      'a black hole',
      sdkError('AbortError', 0, { endpoint: 'https://s3.example.com' }),
      '(no answer from https://s3.example.com in time): check the network',
    ],
    [
      'no connection in time',
      sdkError('TimeoutError', 0, { endpoint: 'http://192.0.2.1:9000' }),
      'no answer from http://192.0.2.1:9000 in time',
    ],
    ['a body that ends too soon', sdkError('Error', 0, { code: 'ERR_STREAM_PREMATURE_CLOSE' }), 'PREMATURE'],
    ['a thrown string', 'oops', 'oops'],
    ['nothing at all', undefined, 'undefined'],
    ['a code like a property of every object', sdkError('constructor', 503), 'constructor: as AWS puts it'],
    ['another such code', sdkError('toString', 503), 'toString: as AWS puts it'],
    ['one more such code', sdkError('__proto__', 503), '__proto__: as AWS puts it'],
  ])('%s', (_, thrown, detail) => {
    const fault = describeStoreError(thrown, config)
    expect(fault.kind).toBe('passing')
    expect(fault.message).toContain('s3://dyndns.example.com/database.csv is out of reach')
    expect(fault.message).toContain(detail)
  })
})

describe('no secret is repeated', () => {
  const secret = 'AKIAEXAMPLE/20261101/eu-west-1/s3/aws4_request, Signature=0123456789abcdef'

  it.each([
    ['InvalidAccessKeyId', 403],
    ['SignatureDoesNotMatch', 403],
    ['AccessDenied', 403],
    ['SomethingNew', 403],
    ['ExpiredToken', 400],
    ['InvalidToken', 400],
    ['AuthorizationHeaderMalformed', 400],
    ['CredentialsProviderError', 0],
  ])('by %s, whatever AWS says', (name, status) => {
    const more = { AWSAccessKeyId: secret, StringToSign: secret, 'Token-0': secret }
    const error = Object.assign(sdkError(name, status, more), { message: `Authorization: ${secret}` })
    expect(describeStoreError(error, config).message).not.toContain(secret)
  })
})
