import { createHash, randomBytes } from 'node:crypto'
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

/** What stands in the place of an object that was deleted while versions are kept. */
export interface DeleteMarker {
  lastModified: Date
}

/** One version of a key; `null` is the id of what was written while no versions were kept. */
export type Version = { id: string } & ({ object: StoredObject } | { marker: DeleteMarker })

/** A bucket: its keys with their versions, newest first and at least one. */
export interface Bucket {
  /** Undefined where versioning was never turned on. */
  versioning?: 'Enabled' | 'Suspended'
  readonly keys: Map<string, Version[]>
}

/** Buckets by name. It outlives the emulator that serves it. */
export type S3Store = Map<string, Bucket>

/** What S3 calls an object that was uploaded without a Content-Type. */
const DEFAULT_CONTENT_TYPE = 'binary/octet-stream'

/** An object written now; its ETag is the quoted MD5 of its bytes. */
export function createObject(payload: Payload, contentType = DEFAULT_CONTENT_TYPE): StoredObject {
  const md5 = createHash('md5').update(payload.body).digest('hex')
  return { ...payload, etag: `"${md5}"`, contentType, lastModified: new Date() }
}

/** What a GET of the key without a version finds; undefined for no such key, or a deleted one. */
export function currentObject(bucket: Bucket | undefined, key: string): StoredObject | undefined {
  const newest = bucket?.keys.get(key)?.[0]
  return newest && 'object' in newest ? newest.object : undefined
}

/** Writes an object as the newest version; where versions are not kept, in the place of the one called `null`. */
export function putVersion(bucket: Bucket, key: string, object: StoredObject): Version {
  return addVersion(bucket, key, { id: newVersionId(bucket), object })
}

/** Deletes a key: for good where versioning was never turned on, else by a marker. */
export function deleteKey(bucket: Bucket, key: string): void {
  if (bucket.versioning)
    addVersion(bucket, key, { id: newVersionId(bucket), marker: { lastModified: new Date() } })
  else bucket.keys.delete(key)
}

function addVersion(bucket: Bucket, key: string, version: Version): Version {
  const older = (bucket.keys.get(key) ?? []).filter(({ id }) => id !== version.id)
  bucket.keys.set(key, [version, ...older])
  return version
}

function newVersionId({ versioning }: Bucket): string {
  return versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null'
}
