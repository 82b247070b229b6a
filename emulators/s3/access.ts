import type { IncomingHttpHeaders } from 'node:http'
import { accessDenied, S3Error } from './errors.js'
import { parseCredential, type S3Call } from './request.js'

/** Who may do what, and where the buckets live; by default every signed request is let in. */
export interface AccessOptions {
  /** The only access key id that exists (default: every one does). */
  accessKeyId?: string
  /** Where the buckets live; requests signed for another region are sent away (default: everywhere). */
  region?: string
  /** How they are sent away: `redirect` is a 301 (default), `malformed` a 400. */
  wrongRegion?: 'redirect' | 'malformed'
  /** Which calls the caller's policies allow (default: all). */
  allow?: (call: S3Call) => boolean
}

/** Throws S3Error unless a known key signed, for the right region, what it may do. Verifies NO signature. */
export function authorize(call: S3Call, headers: IncomingHttpHeaders, options: AccessOptions): void {
  const credential = parseCredential(headers)
  if (!credential) throw accessDenied()
  const { accessKeyId = credential.accessKeyId, region = credential.region, allow } = options
  if (credential.accessKeyId !== accessKeyId) throw invalidAccessKeyId(credential.accessKeyId)
  if (credential.region !== region) {
    throw options.wrongRegion === 'malformed'
      ? authorizationHeaderMalformed(credential.region, region)
      : permanentRedirect(call.bucket, region)
  }
  if (allow && !allow(call)) throw accessDenied()
}

function invalidAccessKeyId(accessKeyId: string): S3Error {
  const message = 'The AWS Access Key Id you provided does not exist in our records.'
  return new S3Error(403, 'InvalidAccessKeyId', message, { elements: { AWSAccessKeyId: accessKeyId } })
}

function permanentRedirect(bucket: string, region: string): S3Error {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. ' +
    'Please send all future requests to this endpoint.'
  return new S3Error(301, 'PermanentRedirect', message, {
    elements: { Bucket: bucket, Endpoint: `s3.${region}.amazonaws.com` },
    headers: { 'x-amz-bucket-region': region },
  })
}

function authorizationHeaderMalformed(signed: string, region: string): S3Error {
  const wrong = `the region '${signed}' is wrong; expecting '${region}'`
  const message = `The authorization header is malformed; ${wrong}`
  return new S3Error(400, 'AuthorizationHeaderMalformed', message, { elements: { Region: region } })
}
