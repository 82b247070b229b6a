import { S3Client, type S3ClientConfig, S3ServiceException } from '@aws-sdk/client-s3'
import { onTestFinished } from 'vitest'
import { type S3Emulator, type S3EmulatorOptions, startS3Emulator } from '../../../emulators/s3/emulator.js'

/** The bucket that `startS3` creates; with dots, as the service's own may have. */
export const bucket = 'dyndns.example.com'

/** An emulator with the one bucket, closed when the test ends. */
export async function startS3(options: S3EmulatorOptions = {}): Promise<S3Emulator> {
  const s3 = await startS3Emulator({ buckets: [bucket], ...options })
  onTestFinished(() => s3.close())
  return s3
}

/** A real SDK client for this endpoint, without retries, destroyed when the test ends. */
export function connectS3(endpoint: string, config: S3ClientConfig = {}): S3Client {
  const client = new S3Client({
    endpoint,
    forcePathStyle: true, // not the default for http and a bucket with dots
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    ...config,
  })
  onTestFinished(() => client.destroy())
  return client
}

/**
 * The S3 exception that a call ends with: its name, message, status and the XML's elements. Throws for any
 * other end.
 */
export async function refusal(call: Promise<unknown>): Promise<object> {
  const error: unknown = await call.then(
    () => undefined,
    (reason) => reason,
  )
  if (!(error instanceof S3ServiceException)) throw new Error('no S3 exception', { cause: error })
  return { ...error, name: error.name, message: error.message, status: error.$metadata.httpStatusCode }
}
