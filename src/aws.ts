import { Route53Client } from '@aws-sdk/client-route-53'
import { S3Client } from '@aws-sdk/client-s3'
import type { AwsConfig } from './config.js'

/** The SDK's own requestTimeout only warns unless told to throw, and does not cover a body that stalls. */
const requestHandler = {
  connectionTimeout: 2000,
  requestTimeout: 8000,
  throwOnRequestTimeout: true,
  socketTimeout: 8000,
}

/** A Route 53 client that makes each call once: the registrar alone decides what is tried again, and when. */
export function createRoute53Client({ region }: AwsConfig): Route53Client {
  return new Route53Client({ region, maxAttempts: 1, requestHandler })
}

/** An S3 client for the host database; it finds the bucket's own region where S3 names it in a redirect. */
export function createS3Client({ region, s3PathStyle }: AwsConfig): S3Client {
  return new S3Client({
    region,
    forcePathStyle: s3PathStyle,
    followRegionRedirects: true,
    maxAttempts: 3,
    requestHandler,
  })
}
