import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { type Route53Emulator, startRoute53Emulator } from '../../emulators/route53/server.js'
import type { Zone } from '../../emulators/route53/zone.js'
import { type S3Emulator, startS3Emulator } from '../../emulators/s3/emulator.js'
import type { S3Fault } from '../../emulators/s3/faults.js'
import { readServerConfig } from '../../src/config.js'
import { createLogger } from '../../src/logger.js'
import { type Service, startService, type Timing } from '../../src/service.js'

/** The bucket, key and hosts that every world has. */
export const bucket = 'dyndns.example.com'
export const key = 'database.csv'
export const hosts = {
  home: { user: 'home.example.com', token: 'b42b8ee408d165ba29588841a44edd96' },
  cabin: { user: 'cabin.example.com', token: 'cabin-token' },
} as const
const csv = Object.values(hosts)
  .map(({ user, token }) => `${user},${token}\n`)
  .join('')

/** How a world differs from the plain one: a loaded service that has just started, a proxy in front, one zone. */
export interface WorldOptions {
  readonly csv?: string
  /** Variables beside the AWS ones; a test can play the proxy, and use the addresses of documentation. */
  readonly env?: Readonly<Record<string, string>>
  readonly timing?: Partial<Timing>
  /** What goes wrong with S3 from the very start. */
  readonly s3Faults?: readonly S3Fault[]
  /** Whether to wait for the database (default true). */
  readonly waitUntilLoaded?: boolean
}

/** A login for HTTP Basic. */
export interface Login {
  readonly user: string
  readonly token: string
}

/** The real service in this process, in front of both emulators. */
export interface World {
  readonly service: Service
  readonly url: string
  readonly s3: S3Emulator
  readonly route53: Route53Emulator
  /** The hosted zone example.com. */
  readonly zone: Zone
  /** Every line logged so far. */
  readonly log: Record<string, unknown>[]
  /** Everything logged so far, as it was written. */
  printed(): string
  /** Requests /register_ip, or another path, as the proxy would pass it on from `from`. */
  register(login: Login | undefined, from?: string, init?: RequestInit & { path?: string }): Promise<Answer>
  /** The A (or AAAA) values in the zone at this name. */
  held(name: string, type?: string): string[]
  close(): Promise<void>
}

/** What came back, body and all. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: Headers
}

/** What the SDK and the service read from the environment to reach the emulators. */
export function awsEnvironment(s3: { url: string }, route53: { url: string }): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEEXAMPLE00',
    AWS_SECRET_ACCESS_KEY: 'secret/Canary+AccessKeyThatMustNotBePrinted',
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_ROUTE_53: route53.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    DYNDNS_BUCKET: bucket,
    DYNDNS_DATABASE: key,
    PORT: '0',
    DYNDNS_ALLOW_PRIVATE: 'true',
  }
}

/** Starts a world; close it in the end. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const s3 = await startS3Emulator({ buckets: [bucket] })
  s3.put(bucket, key, options.csv ?? csv)
  for (const fault of options.s3Faults ?? []) s3.inject(fault)
  const route53 = await startRoute53Emulator()
  const zone = route53.model.addZone({ name: 'example.com' })
  const aws = awsEnvironment(s3, route53)
  Object.assign(process.env, aws) // the SDK reads its part from there
  let text = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  const config = readServerConfig({
    DYNDNS_TRUST_PROXY: '1',
    DYNDNS_ALLOW_PRIVATE: 'true',
    ...aws,
    ...options.env,
  })
  const service = await startService(config, createLogger(sink), options.timing)
  if (options.waitUntilLoaded ?? true) await service.loaded
  const url = `http://127.0.0.1:${service.port}`
  return {
    service,
    url,
    s3,
    route53,
    zone,
    get log() {
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    },
    printed: () => text,
    register: (login, from, { path = '/register_ip', ...init } = {}) =>
      request(url + path, login, from, init),
    held: (name, type = 'A') => zone.get(name, type).flatMap((set) => set.values),
    async close() {
      await service.close()
      await Promise.all([s3.close(), route53.close()])
    },
  }
}

/** The header of HTTP Basic. */
export function basic({ user, token }: Login): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
}

/** One request, as if from the address `from`. */
export async function request(
  url: string,
  login?: Login,
  from = '203.0.113.7',
  init: RequestInit = {},
): Promise<Answer> {
  const headers = new Headers(init.headers)
  if (login) headers.set('authorization', basic(login))
  if (!headers.has('x-forwarded-for')) headers.set('x-forwarded-for', from)
  const response = await fetch(url, { redirect: 'manual', ...init, headers })
  return { status: response.status, body: await response.text(), headers: response.headers }
}

/** Sends raw bytes and returns everything that came back until the server closed the connection. */
export function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
