import type { S3 } from '@aws-sdk/client-s3'
import { awsErrorKind } from '../aws-errors.js'
import type { DatabaseConfig } from '../config/config.js'
import { describeStoreError, StoreError } from './store-error.js'

/** The CSV as it lies in S3. */
export interface StoredDatabase {
  readonly bytes: Uint8Array
  /** S3's version mark of the content, quotes included. */
  readonly etag: string
}

/** A version of the CSV that S3 keeps. */
export interface StoredVersion {
  /** S3's own; `null` for what was written while the bucket kept no versions. */
  readonly id: string
  readonly time: Date
  /** Whether it is what the service reads. */
  readonly isCurrent: boolean
  /** Whether it is the mark that the object was deleted, and holds nothing. */
  readonly isDeletion: boolean
}

/** How the object is reached. */
export interface StoreOptions {
  /** A call has this long for its answer. */
  readonly timeoutMs?: number
  /** Sees each call on its way, to tell a person what is waited for; returns it. */
  readonly watch?: <T>(call: Promise<T>) => Promise<T>
}

/** The S3 object that holds the host database. All calls throw a StoreError. */
export interface DatabaseStore {
  /** For a person: `s3://bucket/key`. */
  readonly place: string
  /** The version that is there now. */
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
  /** The newest versions, at most `limit` (to 1,000); one where the bucket keeps none, empty where nothing was ever there. */
  versions(limit: number): Promise<StoredVersion[]>
  /** That version, by its id; the StoreError of an unknown one says so. */
  readVersion(id: string): Promise<StoredDatabase>
}

/** A call has this long for its answer, and retries by the SDK are part of it; then as long again for the answer's body. */
const s3TimeoutMs = 20_000
/** A larger database, in bytes, is refused: it would not fit into the memory of a small machine. */
export const maxBytes = 64 * 1024 * 1024

/** The object that `config` names, through `client`. */
export function createDatabaseStore(
  client: S3,
  config: DatabaseConfig,
  { timeoutMs = s3TimeoutMs, watch = (call) => call }: StoreOptions = {},
): DatabaseStore {
  const object = { Bucket: config.bucket, Key: config.key }
  const place = `s3://${config.bucket}/${config.key}`

  function get(which: { IfNoneMatch?: string; VersionId?: string } = {}): Promise<StoredDatabase> {
    const call = withDeadline(timeoutMs, async (abortSignal, extend) => {
      const answer = await client.getObject({ ...object, ...which }, { abortSignal })
      if ((answer.ContentLength ?? 0) > maxBytes) throw tooLarge()
      extend(s3TimeoutMs)
      const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array()
      return { bytes, etag: answer.ETag ?? '' }
    })
    return watch(call)
  }

  function tooLarge(): StoreError {
    return new StoreError(
      `the host database ${place} may not be larger than ${maxBytes >> 20} MiB`,
      'permanent',
    )
  }

  function described<T>(call: Promise<T>): Promise<T> {
    return call.catch((error: unknown) => {
      throw describeStoreError(error, config)
    })
  }

  async function put(bytes: Uint8Array, etag: string | undefined): Promise<string> {
    const condition = etag === undefined ? { IfNoneMatch: '*' } : { IfMatch: etag }
    const body = { Body: bytes, ContentType: 'text/csv; charset=utf-8' }
    const abortSignal = AbortSignal.timeout(timeoutMs)
    const call = client.putObject({ ...object, ...condition, ...body }, { abortSignal })
    return (await watch(call)).ETag ?? ''
  }

  function list(limit: number): Promise<StoredVersion[]> {
    return watch(listVersions(client, config, limit, AbortSignal.timeout(timeoutMs)))
  }

  const readIfPresent = () => described(get().catch(undefinedFor('NoSuchKey')))

  return {
    place,
    read: () => described(get()),
    // S3 answers 304, which the SDK throws with no name to go by.
    readIfChanged: (etag) => described(get({ IfNoneMatch: etag }).catch(undefinedFor(304))),
    readIfPresent,
    versions: (limit) => described(list(limit).catch(nameVersionRights)),
    async readVersion(id) {
      const wanted = get({ VersionId: id }).catch(undefinedFor(...notThere))
      const version = await described(wanted.catch(nameVersionRights))
      if (version) return version
      const advice = 'dyndns53 database-history shows those that it has'
      throw new StoreError(`the host database ${place} has no version ${id}: ${advice}`, 'permanent')
    },
    async write(bytes, etag) {
      if (bytes.length > maxBytes) throw tooLarge()
      return put(bytes, etag).catch((failure: unknown) =>
        settleWrite({ bytes, etag, failure }, config, readIfPresent),
      )
    },
  }
}

async function listVersions(
  client: S3,
  { bucket, key }: DatabaseConfig,
  limit: number,
  abortSignal: AbortSignal,
): Promise<StoredVersion[]> {
  const asked = { Bucket: bucket, Prefix: key, MaxKeys: limit }
  const { Versions = [], DeleteMarkers = [] } = await client.listObjectVersions(asked, { abortSignal })
  const all = [
    ...Versions.map((version) => ({ ...version, isDeletion: false })),
    ...DeleteMarkers.map((version) => ({ ...version, isDeletion: true })),
  ]
  // The prefix fits longer keys too, which come after all versions of this one.
  return all
    .filter(({ Key }) => Key === key)
    .map(({ VersionId = 'null', LastModified = new Date(0), IsLatest = false, isDeletion }) => {
      return { id: VersionId, time: LastModified, isCurrent: IsLatest, isDeletion }
    })
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.time.getTime() - a.time.getTime())
}

/** Runs `call` with a signal that aborts after `timeoutMs`, or after the time that `extend` gives it from then on. */
async function withDeadline<T>(
  timeoutMs: number,
  call: (signal: AbortSignal, extend: (timeoutMs: number) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const start = (ms: number) => setTimeout(() => controller.abort(), ms)
  let timer = start(timeoutMs)
  try {
    return await call(controller.signal, (ms) => {
      clearTimeout(timer)
      timer = start(ms)
    })
  } finally {
    clearTimeout(timer)
  }
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
async function settleWrite(
  { bytes, etag, failure }: FailedWrite,
  config: DatabaseConfig,
  readIfPresent: DatabaseStore['readIfPresent'],
): Promise<string> {
  const fault = describeWriteError(failure, etag, config)
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

function describeWriteError(failure: unknown, etag: string | undefined, config: DatabaseConfig): StoreError {
  const isGone = etag !== undefined && (failure as { name?: string }).name === 'NoSuchKey'
  if (!isGone) return describeStoreError(failure, config)
  return new StoreError(
    `the host database s3://${config.bucket}/${config.key} was removed by somebody else meanwhile`,
    'conflict',
  )
}

function httpStatus(failure: unknown): number | undefined {
  return (failure as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}

/** What S3 calls a version that it does not know, that cannot be one, and that is the mark of a deletion. */
const notThere = ['NoSuchVersion', 'InvalidArgument', 405]

/** For `catch`: undefined for an error of one of these HTTP statuses or names; throws every other one. */
function undefinedFor(...expected: readonly (number | string)[]) {
  return (error: unknown): undefined => {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
    if (!expected.includes(name ?? '') && !expected.includes($metadata?.httpStatusCode ?? 0)) throw error
    return undefined
  }
}

/** For `catch`: says which permissions the versions need, where S3 denies them; throws every error. */
function nameVersionRights(error: unknown): never {
  if (httpStatus(error) !== 403 || awsErrorKind((error as Error).name) !== 'denied') throw error
  throw new StoreError(
    'access denied: older versions need s3:ListBucketVersions on the bucket and s3:GetObjectVersion on the object, which dyndns53 iam-policy --admin allows',
    'permanent',
    (error as Error).name,
  )
}
