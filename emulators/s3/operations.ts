import type { WireRequest, WireResponse } from '../http.js'
import {
  accessDenied,
  isDeleteMarker,
  noSuchKey,
  noSuchVersion,
  notImplemented,
  preconditionFailed,
  S3Error,
} from './errors.js'
import { readPayload } from './payload.js'
import { foreignParameter, queryOf, type S3Call } from './request.js'
import {
  type Bucket,
  createObject,
  currentObject,
  deleteKey,
  putVersion,
  type S3Store,
  type StoredObject,
} from './store.js'
import { bucketVersioning, listVersions } from './versions.js'

/**
 * What decides an operation besides the request; without `allowList`, a missing key is not told from a
 * forbidden one.
 */
export interface OperationContext {
  store: S3Store
  allowList: boolean
}

/**
 * Carries out one call at once: no other call comes between a condition and the write that it guards. Throws
 * S3Error.
 */
export function perform(call: S3Call, request: WireRequest, context: OperationContext): WireResponse {
  const parameter = foreignParameter(request.url)
  if (parameter !== undefined) throw notImplemented(`The parameter ${parameter}`)
  if (call.method === 'PUT' && call.bucket !== '' && call.key === '' && !call.subresource)
    return createBucket(call.bucket, context.store)
  const bucket = findBucket(call.bucket, context.store)
  if (call.key === '') return performOnBucket(call, bucket, request)
  switch (call.method) {
    case 'GET':
    case 'HEAD': // node:http leaves the body out
      return getObject(call, bucket, request, context)
    case 'PUT':
      return putObject(call, bucket, request)
    case 'DELETE':
      if (call.versionId !== undefined) throw notImplemented('Deleting a version')
      deleteKey(bucket, call.key)
      return { status: 204 }
    default:
      throw new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.')
  }
}

function performOnBucket(call: S3Call, bucket: Bucket, request: WireRequest): WireResponse {
  if (call.subresource === 'versioning') return bucketVersioning(bucket, request)
  if (call.subresource === 'versions' && call.method === 'GET')
    return listVersions(call.bucket, bucket, queryOf(request.url))
  throw notImplemented(`${call.method} on a bucket`)
}

function findBucket(name: string, store: S3Store): Bucket {
  const bucket = store.get(name)
  if (bucket) return bucket
  throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist', {
    elements: { BucketName: name },
  })
}

function createBucket(name: string, store: S3Store): WireResponse {
  if (store.has(name)) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.'
    throw new S3Error(409, 'BucketAlreadyOwnedByYou', message, { elements: { BucketName: name } })
  }
  store.set(name, { keys: new Map() })
  return { status: 200, headers: { location: `/${name}` } }
}

function getObject(
  call: S3Call,
  bucket: Bucket,
  request: WireRequest,
  context: OperationContext,
): WireResponse {
  const { id, object } = findObject(call, bucket, context)
  if (call.ifMatch !== undefined && call.ifMatch !== object.etag) throw preconditionFailed('If-Match')
  const headers = {
    etag: object.etag,
    'last-modified': object.lastModified.toUTCString(),
    ...(bucket.versioning && { 'x-amz-version-id': id }),
  }
  if (call.ifNoneMatch === object.etag) return { status: 304, headers }
  const checksum: Record<string, string> =
    object.crc32 !== undefined && request.headers['x-amz-checksum-mode'] === 'ENABLED'
      ? { 'x-amz-checksum-crc32': object.crc32, 'x-amz-checksum-type': 'FULL_OBJECT' }
      : {}
  return {
    status: 200,
    headers: {
      ...headers,
      ...checksum,
      'content-type': object.contentType,
      'content-length': String(object.body.length),
    },
    body: object.body,
  }
}

/** The object that a GET is about: the newest version, or the one that it names. */
function findObject(
  { key, versionId }: S3Call,
  bucket: Bucket,
  context: OperationContext,
): { id: string; object: StoredObject } {
  const versions = bucket.keys.get(key) ?? []
  const version = versionId === undefined ? versions[0] : versions.find(({ id }) => id === versionId)
  if (version && 'object' in version) return version
  if (version && versionId !== undefined) throw isDeleteMarker()
  if (!context.allowList) throw accessDenied()
  throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId)
}

/**
 * Conditional writes as in "How to prevent object overwrites with conditional writes" of the S3 user guide.
 */
function putObject(call: S3Call, bucket: Bucket, request: WireRequest): WireResponse {
  const payload = readPayload(request.headers, request.body)
  const current = currentObject(bucket, call.key)
  if (call.ifNoneMatch !== undefined) {
    if (call.ifNoneMatch !== '*') throw notImplemented('If-None-Match with an ETag')
    if (current) throw preconditionFailed('If-None-Match')
  }
  if (call.ifMatch !== undefined) {
    if (!current) throw noSuchKey(call.key)
    if (call.ifMatch !== current.etag) throw preconditionFailed('If-Match')
  }
  const object = createObject(payload, request.headers['content-type'])
  const { id } = putVersion(bucket, call.key, object)
  return {
    status: 200,
    headers: { etag: object.etag, ...(bucket.versioning && { 'x-amz-version-id': id }) },
  }
}
