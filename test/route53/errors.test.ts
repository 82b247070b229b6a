import { describe, expect, it } from 'vitest'
import { classifyFault, type Fault } from '../../src/route53/errors.js'

/** An error as the AWS SDK throws it: name, HTTP status (0: no answer came), and more. */
function sdkError(name: string, status: number, more: object = {}): Error {
  const metadata = status === 0 ? {} : { httpStatusCode: status }
  return Object.assign(new Error('as AWS puts it'), { name, $metadata: metadata, ...more })
}

describe('classifyFault', () => {
  it.each<[Fault['kind'], string, unknown]>([
    ['throttled', 'Throttling', sdkError('Throttling', 400)],
    ['throttled', 'ThrottlingException', sdkError('ThrottlingException', 400)],
    ['throttled', 'a 429 of anybody', sdkError('Unknown', 429)],
    ['busy', 'PriorRequestNotComplete', sdkError('PriorRequestNotComplete', 400)],
    ['rejected', 'InvalidChangeBatch', sdkError('InvalidChangeBatch', 400, { messages: [] })],
    ['rejected', 'InvalidInput', sdkError('InvalidInput', 400)],
    ['rejected', 'a 400 that nobody knows', sdkError('Unknown', 400)],
    ['denied', 'AccessDenied', sdkError('AccessDenied', 403)],
    ['denied', 'a 403 that nobody knows', sdkError('Unknown', 403)],
    ['credentials', 'SignatureDoesNotMatch', sdkError('SignatureDoesNotMatch', 403)],
    ['credentials', 'InvalidClientTokenId', sdkError('InvalidClientTokenId', 403)],
    ['credentials', 'ExpiredToken', sdkError('ExpiredToken', 403)],
    ['credentials', 'no credentials', sdkError('CredentialsProviderError', 0)],
    [
      'skewed',
      'a clock that the SDK has corrected',
      sdkError('SignatureDoesNotMatch', 403, {
        $metadata: { httpStatusCode: 403, clockSkewCorrected: true },
      }),
    ],
    [
      'throttled',
      'whatever the clock',
      sdkError('Throttling', 400, { $metadata: { httpStatusCode: 400, clockSkewCorrected: true } }),
    ],
    ['zone-gone', 'NoSuchHostedZone', sdkError('NoSuchHostedZone', 404)],
    ['unreachable', 'connection refused', sdkError('Error', 0, { code: 'ECONNREFUSED' })],
    ['unreachable', 'no such host', sdkError('Error', 0, { code: 'ENOTFOUND' })],
    ['unreachable', 'no DNS', sdkError('Error', 0, { code: 'EAI_AGAIN' })],
    ['lost', 'ServiceUnavailable', sdkError('ServiceUnavailable', 503)],
    ['lost', 'an HTML page of a 502', sdkError('Unknown', 502)],
    ['lost', 'a 500', sdkError('InternalFailure', 500)],
    ['lost', 'a 200 with broken XML', new Error('XML parse error')],
    ['lost', 'a reset', sdkError('TimeoutError', 0, { code: 'ECONNRESET' })],
    ['lost', 'a timeout', sdkError('TimeoutError', 0, { code: 'ETIMEDOUT' })],
    ['lost', 'an abort', sdkError('AbortError', 0)],
    ['lost', 'a bug', new TypeError('x is not a function')],
    ['lost', 'a thrown string', 'oops'],
    ['lost', 'nothing at all', undefined],
  ])('%s: %s', (kind, _, thrown) => {
    expect(classifyFault(thrown)).toEqual({ kind, message: expect.any(String) })
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'an error code that every object has a property of is not known: %s',
    (name) => {
      expect(classifyFault(sdkError(name, 503)).kind).toBe('lost')
    },
  )

  it('says what AWS said', () => {
    const { message } = classifyFault(sdkError('InvalidChangeBatch', 400))
    expect(message).toBe('InvalidChangeBatch: as AWS puts it')
  })

  it.each([
    ['one sentence', { Message: '[Tried to create a.]' }, '[Tried to create a.]'],
    ['several sentences', { Message: ['[Tried a.]', '[Tried b.]'] }, '[Tried a.] [Tried b.]'],
    ['no sentence', {}, 'InvalidChangeBatch'],
  ])('the documented form <InvalidChangeBatch><Messages>, with %s', (_, Messages, message) => {
    expect(classifyFault(sdkError('Unknown', 400, { Messages }))).toEqual({ kind: 'rejected', message })
  })

  it.each([
    'SignatureDoesNotMatch',
    'InvalidClientTokenId',
    'IncompleteSignature',
    'MissingAuthenticationToken',
    'UnrecognizedClientException',
    'ExpiredTokenException',
    'RequestExpired',
  ])('a fault of the credentials does not repeat the header: %s', (name) => {
    const header = 'AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261101, Signature=0123456789abcdef'
    const error = Object.assign(sdkError(name, 403), { message: `Authorization=${header}` })
    expect(classifyFault(error)).toEqual({ kind: 'credentials', message: name })
  })
})
