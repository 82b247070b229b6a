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
  /** The version of the object that is asked for. */
  versionId?: string
  /** What of the bucket is asked for: its versions, or whether it keeps them. */
  subresource?: 'versions' | 'versioning'
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
  const query = queryOf(url)
  const versionId = query.get('versionId')
  if (versionId !== null) call.versionId = versionId
  for (const subresource of ['versions', 'versioning'] as const) {
    if (query.has(subresource)) call.subresource = subresource
  }
  return call
}

/** The parameters of a request. */
export function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(url.split('?', 2)[1] ?? '')
}

/** The parameters that are known beside the SDK's own `x-id`, which says the operation once more. */
const knownParameters = new Set([
  'x-id',
  'versionId',
  'versions',
  'versioning',
  'prefix',
  'max-keys',
  'key-marker',
  'version-id-marker',
])

function decode(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** The first query parameter that is not known, such as `acl`; undefined without one. */
export function foreignParameter(url: string): string | undefined {
  return [...queryOf(url).keys()].find((name) => !knownParameters.has(name))
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
