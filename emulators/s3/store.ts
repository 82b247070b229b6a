import { createHash } from 'node:crypto'
import type { Payload } from './payload.js'

/**
 * An object as it stands in a bucket; `etag` includes its quotes, `crc32` (base64) is there if the upload had
 * one.
 */
export interface StoredObject extends Payload {
  etag: string
  contentType: string
  lastModified: Date
}

/** Buckets by name, each with its objects by key. It outlives the emulator that serves it. */
export type S3Store = Map<string, Map<string, StoredObject>>

/** What S3 calls an object that was uploaded without a Content-Type. */
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream'

/** An object written now; its ETag is the quoted MD5 of its bytes. */
export function createObject(payload: Payload, contentType = DEFAULT_CONTENT_TYPE): StoredObject {
  const md5 = createHash('md5').update(payload.body).digest('hex')
  return { ...payload, etag: `"${md5}"`, contentType, lastModified: new Date() }
}
