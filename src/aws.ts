import { createRequire } from 'node:module'
import type { Route53 } from '@aws-sdk/client-route-53'
import type { S3 } from '@aws-sdk/client-s3'
import type { AwsConfig } from './config/config.js'

// Loading an SDK takes longer than all else that a command does, and most commands need one of them or none.
const require = createRequire(import.meta.url)
const loadRoute53 = (): typeof import('@aws-sdk/client-route-53') => require('@aws-sdk/client-route-53')
const loadS3 = (): typeof import('@aws-sdk/client-s3') => require('@aws-sdk/client-s3')

/** The SDK's own requestTimeout only warns unless told to throw, and does not cover a body that stalls. */
const requestHandler = {
  connectionTimeout: 2000,
  requestTimeout: 8000,
  throwOnRequestTimeout: true,
  socketTimeout: 8000,
}

/**
 * A Route 53 client that makes each call once: the registrar alone decides what is tried again, and when. A command,
 * which only reads, lets the SDK do that and says how often at the most.
 */
export function createRoute53Client({ region }: AwsConfig, maxAttempts = 1): Route53 {
  const { Route53 } = loadRoute53()
  return nameEndpoint(new Route53({ region, maxAttempts, requestHandler }))
}

/** An S3 client for the host database; it finds the bucket's own region where S3 names it in a redirect. */
export function createS3Client({ region, s3PathStyle }: AwsConfig): S3 {
  const { S3 } = loadS3()
  return nameEndpoint(
    new S3({
      region,
      forcePathStyle: s3PathStyle,
      followRegionRedirects: true,
      maxAttempts: 3,
      requestHandler,
    }),
  )
}

/** As much of a client as `watchDates` needs, so that it takes either. */
interface Watchable {
  readonly middlewareStack: {
    add(middleware: (next: Send) => Send, options: { step: 'deserialize'; priority: 'low' }): void
  }
}

/** Sends one request; the response is the SDK's own. */
type Send = (request: { request: unknown; input: object }) => Promise<{ response: unknown; output?: object }>

/** Tells `listener` the Date header of each answer that the client gets, refusals included. */
export function watchDates({ middlewareStack }: Watchable, listener: (date: string) => void): void {
  const watch = (next: Send): Send => {
    return async (request) => {
      const result = await next(request)
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> }
      if (headers?.['date'] !== undefined) listener(headers['date'])
      return result
    }
  }
  // Nearest to the wire: further out, a refusal has become an error.
  middlewareStack.add(watch, { step: 'deserialize', priority: 'low' })
}

/** What the SDK keeps of a call; its endpoint is there once it is known where the call goes. */
interface CallContext {
  readonly endpointV2?: { readonly url: URL }
}

/** As much of a client as `nameEndpoint` needs, so that it takes either. */
interface Nameable {
  readonly middlewareStack: {
    add(
      middleware: (next: Call, context: CallContext) => Call,
      options: { step: 'initialize'; priority: 'high' },
    ): void
  }
}

/** Makes a call with all its attempts. */
type Call = (request: { input: object }) => Promise<{ response: unknown; output: object }>

/** Adds to each error where its call went, as `endpoint`: the SDK's own sentence does not say. */
function nameEndpoint<Client extends Nameable>(client: Client): Client {
  const name = (next: Call, context: CallContext): Call => {
    return async (request) => {
      try {
        return await next(request)
      } catch (error) {
        const endpoint = context.endpointV2?.url.origin
        throw error instanceof Error ? Object.assign(error, { endpoint }) : error
      }
    }
  }
  // Furthest from the wire: the SDK gives up a call there that its signal aborts.
  client.middlewareStack.add(name, { step: 'initialize', priority: 'high' })
  return client
}
