import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { DatabaseConfig } from '../config.js'
import { describeStoreFault, StoreError } from './store-error.js'
import { settleWrite } from './store-write.js'

/** The CSV as it lies in S3. */
export interface StoredDatabase {
  readonly bytes: Uint8Array
  /** S3's version mark of the content, quotes included. */
  readonly etag: string
}

/** The S3 object that holds the host database. All calls throw a StoreError. */
export interface DatabaseStore {
  /** For a person: `s3://bucket/key`. */
  readonly place: string
  read(): Promise<StoredDatabase>
  /** Undefined while S3 still holds the version that is known by `etag`. */
  readIfChanged(etag: string): Promise<StoredDatabase | undefined>
  /** Undefined where there is no object yet. */
  readIfPresent(): Promise<StoredDatabase | undefined>
  /**
   * Replaces the version known by `etag`, or creates the object where there is none (undefined); returns the new ETag.
   * Where somebody else was faster, the StoreError says `conflict`; where S3 no longer tells what became of it,
   * `unknown`; in all other cases nothing was written.
   */
  write(bytes: Uint8Array, etag: string | undefined): Promise<string>
}

/** A call, retries by the SDK and the whole body included, ends after this time. */
const timeoutMs = 20_000
/** A larger database, in bytes, is refused: it would not fit into the memory of a small machine. */
export const maxBytes = 64 * 1024 * 1024

/** The object that `config` names, through `client`. */
export function createDatabaseStore(client: S3Client, config: DatabaseConfig): DatabaseStore {
  const object = { Bucket: config.bucket, Key: config.key }
  const place = `s3://${config.bucket}/${config.key}`

  async function get(etag?: string): Promise<StoredDatabase> {
    const options = { abortSignal: AbortSignal.timeout(timeoutMs) }
    const answer = await client.send(new GetObjectCommand({ ...object, IfNoneMatch: etag }), options)
    if ((answer.ContentLength ?? 0) > maxBytes) throw tooLarge()
    const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array()
    return { bytes, etag: answer.ETag ?? '' }
  }

  function tooLarge(): StoreError {
    return new StoreError(
      `the host database ${place} may not be larger than ${maxBytes >> 20} MiB`,
      'permanent',
    )
  }

  function described<T>(call: Promise<T>): Promise<T> {
    return call.catch((error: unknown) => {
      throw describeStoreFault(error, config)
    })
  }

  async function put(bytes: Uint8Array, etag: string | undefined): Promise<string> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }
    const body = { Body: bytes, ContentType: 'text/csv; charset=utf-8' }
    const command = new PutObjectCommand({ ...object, ...condition, ...body })
    return (await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })).ETag ?? ''
  }

  const readIfPresent = () => described(get().catch(undefinedFor('NoSuchKey')))

  return {
    place,
    read: () => described(get()),
    // S3 answers 304, which the SDK throws with no name to go by.
    readIfChanged: (etag) => described(get(etag).catch(undefinedFor(304))),
    readIfPresent,
    async write(bytes, etag) {
      if (bytes.length > maxBytes) throw tooLarge()
      return put(bytes, etag).catch((failure: unknown) =>
        settleWrite({ bytes, etag, failure }, config, readIfPresent),
      )
    },
  }
}

/** A catcher that makes undefined of this HTTP status or error name, and throws on the rest. */
function undefinedFor(expected: number | string) {
  return (error: unknown): undefined => {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
    if (name !== expected && $metadata?.httpStatusCode !== expected) throw error
    return undefined
  }
}
