import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { DatabaseConfig } from '../config.js'
import { describeStoreFault } from './store-fault.js'

/** The CSV as it lies in S3. */
export interface StoredDatabase {
  readonly bytes: Uint8Array
  /** S3's version mark of the content, quotes included. */
  readonly etag: string
}

/** The S3 object that holds the host database. Both calls throw a StoreError. */
export interface DatabaseStore {
  read(): Promise<StoredDatabase>
  /** Replaces what is there; returns the new ETag. */
  write(bytes: Uint8Array): Promise<string>
}

/** A call, retries by the SDK and the whole body included, ends after this time. */
const timeoutMs = 20_000

/** The object that `config` names, through `client`. */
export function createDatabaseStore(client: S3Client, config: DatabaseConfig): DatabaseStore {
  const object = { Bucket: config.bucket, Key: config.key }
  return {
    async read() {
      try {
        const options = { abortSignal: AbortSignal.timeout(timeoutMs) }
        const answer = await client.send(new GetObjectCommand(object), options)
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array()
        return { bytes, etag: answer.ETag ?? '' }
      } catch (error) {
        throw describeStoreFault(error, config)
      }
    },
    async write(bytes) {
      try {
        const options = { abortSignal: AbortSignal.timeout(timeoutMs) }
        const command = new PutObjectCommand({
          ...object,
          Body: bytes,
          ContentType: 'text/csv; charset=utf-8',
        })
        const answer = await client.send(command, options)
        return answer.ETag ?? ''
      } catch (error) {
        throw describeStoreFault(error, config)
      }
    },
  }
}
