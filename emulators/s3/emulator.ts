import { setTimeout as sleep } from 'node:timers/promises'
import { type ListenOptions, type Reply, startWireServer, type WireRequest } from '../http.js'
import { type AccessOptions, authorize } from './access.js'
import { createS3FaultQueue, type S3Fault } from './faults.js'
import { perform } from './operations.js'
import { replyWith } from './reply.js'
import { parseCall, type S3Call } from './request.js'
import { type Bucket, createObject, currentObject, deleteKey, putVersion, type S3Store } from './store.js'

/** What the emulated S3 holds and whom it lets in. */
export interface S3EmulatorOptions extends ListenOptions, AccessOptions {
  /** Buckets to create where the store lacks them. */
  buckets?: readonly string[]
  /** The objects to serve, such as those of an emulator before a restart (default: none). */
  store?: S3Store
  /**
   * Whether the caller has s3:ListBucket, without which a missing key reads as AccessDenied (default true).
   */
  allowList?: boolean
  /** Whether the buckets that it creates keep versions (default false). */
  versioning?: boolean
}

/** A call that was answered: with this status, or by `reset` or `stall`. A half body counts as its status. */
export interface LoggedCall extends S3Call {
  status: number | 'reset' | 'stall'
}

/** A running S3; `put`, `object` and `remove` go behind its back, without a call, condition or fault. */
export interface S3Emulator {
  readonly url: string
  readonly port: number
  readonly store: S3Store
  /** Every answered call, oldest first. */
  readonly calls: LoggedCall[]
  /** An object's bytes and quoted ETag; undefined when bucket or key is missing. */
  object(bucket: string, key: string): { body: Buffer; etag: string } | undefined
  /** Writes an object, creating the bucket if need be; returns its ETag. */
  put(bucket: string, key: string, body: string | Uint8Array): string
  /** Deletes an object, if it is there. */
  remove(bucket: string, key: string): void
  /** Makes a fault wait for the calls it fits; returns a function that takes it away again. */
  inject(fault: S3Fault): () => void
  /** Cuts every connection and frees the port; the store stays as it is. */
  close(): Promise<void>
}

/**
 * Starts an S3 on 127.0.0.1 that knows GetObject, HeadObject, PutObject, DeleteObject, CreateBucket,
 * ListObjectVersions and the versioning of a bucket at path-style URLs; whatever else it is asked for is refused, and headers that it does not know are passed
 * over. Requests must be signed, but the signature is not verified. Rejects when the port is taken.
 */
export async function startS3Emulator(options: S3EmulatorOptions = {}): Promise<S3Emulator> {
  const store: S3Store = options.store ?? new Map()
  const bucketOf = (name: string) => {
    const fresh: Bucket = { keys: new Map(), ...(options.versioning && { versioning: 'Enabled' }) }
    const bucket = store.get(name) ?? fresh
    store.set(name, bucket)
    return bucket
  }
  options.buckets?.forEach(bucketOf)
  const faults = createS3FaultQueue()
  const calls: LoggedCall[] = []

  const handle = async (request: WireRequest): Promise<Reply> => {
    const call = parseCall(request)
    const fault = faults.take(call)
    if (fault?.kind === 'delay') await sleep(fault.ms)
    if (fault?.kind === 'meddle') fault.edit()
    const reply = replyWith(fault, () => {
      authorize(call, request.headers, options)
      return perform(call, request, { store, allowList: options.allowList ?? true })
    })
    calls.push({ ...call, status: typeof reply === 'string' ? reply : reply.status })
    return reply
  }

  const server = await startWireServer(handle, options)
  return {
    url: server.url,
    port: server.port,
    store,
    calls,
    object: (bucket, key) => currentObject(store.get(bucket), key),
    put(bucket, key, body) {
      const object = createObject({ body: Buffer.from(body) })
      putVersion(bucketOf(bucket), key, object)
      return object.etag
    },
    remove(bucket, key) {
      const found = store.get(bucket)
      if (found) deleteKey(found, key)
    },
    inject: faults.inject,
    close: server.close,
  }
}
