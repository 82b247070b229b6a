/** The bucket and the key at which dyndns53 finds its host database in an emulated S3. */
export const bucket = 'dyndns.example.com'
export const key = 'database.csv'

/** The access key of whoever uses the emulators; they let in any other too, unless told otherwise. */
export const accessKeyId = 'AKIAEXAMPLEEXAMPLE00'

/** Where the emulators are reached, and the bucket that holds the host database (by default `bucket`). */
export interface Endpoints {
  readonly s3: { readonly url: string }
  readonly route53: { readonly url: string }
  readonly bucket?: string | undefined
}

/**
 * The variables that lead dyndns53, and any other program with an AWS SDK, to these emulators and to nothing else: the
 * only place that says which they are.
 */
export function emulatorEnvironment({ s3, route53, bucket: name = bucket }: Endpoints) {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'no-signature-is-verified',
    // With a key at hand the SDK asks no metadata service; without one it shall not ask either.
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_ROUTE_53: route53.url,
    DYNDNS_BUCKET: name,
    DYNDNS_DATABASE: key,
  }
}
