import type { IncomingHttpHeaders } from 'node:http'
import type { WireRequest } from '../http.js'

/**
 * What a call asks for: `key` is decoded (left as it came where it cannot be), empty for a call on the bucket
 * itself.
 */
export interface S3Call {
  method: string
  bucket: string
  key: string
  ifMatch?: string
  ifNoneMatch?: string
}

/** The call that a request with a path-style URL makes. */
export function parseCall({ method, url, headers }: WireRequest): S3Call {
  const [path = ''] = url.split('?', 1)
  const [, bucket = '', ...key] = path.split('/')
  const call: S3Call = { method, bucket, key: decode(key.join('/')) }
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifMatch !== undefined) call.ifMatch = ifMatch
  if (ifNoneMatch !== undefined) call.ifNoneMatch = ifNoneMatch
  return call
}

function decode(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/**
 * The first query parameter other than the SDK's `x-id`, such as `versionId` or `acl`; undefined without one.
 */
export function foreignParameter(url: string): string | undefined {
  const [, query = ''] = url.split('?', 2)
  return [...new URLSearchParams(query).keys()].find((name) => name !== 'x-id')
}

/** Who signed a request, and for which region. */
export interface Credential {
  accessKeyId: string
  region: string
}

/**
 * The credential scope of the Authorization header (Signature Version 4); undefined for an unsigned request.
 */
export function parseCredential(headers: IncomingHttpHeaders): Credential | undefined {
  const scope = /^AWS4-HMAC-SHA256 .*?Credential=([^/,]+)\/\d{8}\/([^/,]+)\/s3\/aws4_request/
  const [, accessKeyId, region] = scope.exec(headers.authorization ?? '') ?? []
  return accessKeyId === undefined || region === undefined ? undefined : { accessKeyId, region }
}
