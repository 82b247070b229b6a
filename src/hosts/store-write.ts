import type { DatabaseConfig } from '../config.js'
import { describeStoreFault, StoreError } from './store-error.js'

/** What S3 holds. */
interface Held {
  readonly bytes: Uint8Array
  readonly etag: string
}

/** A write in the place of the version `etag`, or of none (undefined), that ended with `failure`. */
interface FailedWrite {
  readonly bytes: Uint8Array
  readonly etag: string | undefined
  /** What the SDK threw. */
  readonly failure: unknown
}

/**
 * Looks what became of a write that failed: where an answer gets lost, the SDK tries again and may meet its own work,
 * which reads as somebody else's. Returns the ETag if the bytes are there; throws a StoreError if they are not.
 */
export async function settleWrite(
  { bytes, etag, failure }: FailedWrite,
  config: DatabaseConfig,
  readIfPresent: () => Promise<Held | undefined>,
): Promise<string> {
  const fault = describeWriteFault(failure, etag, config)
  if (fault.kind === 'permanent') throw fault
  const unknown = new StoreError(`${fault.message}, and whether it was written is not known`, 'unknown')
  const now = await readIfPresent().catch(() => {
    throw unknown
  })
  if (now && Buffer.compare(now.bytes, bytes) === 0) return now.etag
  if (fault.kind === 'conflict') throw fault
  // What was not answered may still be on its way.
  if (now?.etag !== etag || httpStatus(failure) === undefined) throw unknown
  throw new StoreError(`${fault.message}, and nothing was written`, fault.kind)
}

function describeWriteFault(failure: unknown, etag: string | undefined, config: DatabaseConfig): StoreError {
  const isGone = etag !== undefined && (failure as { name?: string }).name === 'NoSuchKey'
  if (!isGone) return describeStoreFault(failure, config)
  return new StoreError(
    `the host database s3://${config.bucket}/${config.key} was removed by somebody else meanwhile`,
    'conflict',
  )
}

function httpStatus(failure: unknown): number | undefined {
  return (failure as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}
