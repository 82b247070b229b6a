import { Writable } from 'node:stream'
import { type Emulators, startEmulators } from '../../emulators/emulators.js'
import type { Route53Emulator } from '../../emulators/route53/server.js'
import type { Zone } from '../../emulators/route53/zone.js'
import type { S3Emulator } from '../../emulators/s3/emulator.js'
import type { S3Fault } from '../../emulators/s3/faults.js'
import { readServerConfig, type ServerConfig } from '../../src/config/config.js'
import type { ServiceEvent } from '../../src/events.js'
import { createLogger } from '../../src/logger.js'
import { type Service, startService, type Timing } from '../../src/service.js'
import { awsEnvironment } from './environment.js'
import { type Answer, type Login, request } from './request.js'

export { bucket, key } from '../../emulators/environment.js'
export { awsEnvironment } from './environment.js'
export { type Answer, basic, exchange, type Login, request } from './request.js'

/** The hosts that every world has. */
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
  /** What the configuration has in place of what the variables say. */
  readonly config?: Partial<ServerConfig>
  /** What goes wrong with S3 from the very start. */
  readonly s3Faults?: readonly S3Fault[]
  /** Whether to wait for the database (default true). */
  readonly waitUntilLoaded?: boolean
}

/** The real service in this process, in front of both emulators. */
export interface World {
  readonly service: Service
  readonly url: string
  /** All that is emulated; what the DNS says may be changed there. */
  readonly emulators: Emulators
  readonly s3: S3Emulator
  readonly route53: Route53Emulator
  /** The hosted zone example.com. */
  readonly zone: Zone
  /** All that the service published so far. */
  readonly events: ServiceEvent[]
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

/** Starts a world; close it in the end. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const emulators = await startEmulators({ csv: options.csv ?? csv })
  const { s3, route53 } = emulators
  for (const fault of options.s3Faults ?? []) s3.inject(fault)
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
    DYNDNS_DNS_SERVER: `127.0.0.1:${emulators.dns.port}`,
    ...aws,
    ...options.env,
  })
  const events: ServiceEvent[] = []
  const listeners = [(event: ServiceEvent) => void events.push(event)]
  const service = await startService(
    { ...config, ...options.config },
    createLogger(sink),
    options.timing,
    listeners,
  )
  if (options.waitUntilLoaded ?? true) await service.loaded
  const url = `http://127.0.0.1:${service.port}`
  return {
    service,
    url,
    emulators,
    s3,
    route53,
    zone,
    events,
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
      await emulators.close()
    },
  }
}
