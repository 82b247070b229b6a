import { type Route53Emulator, startRoute53Emulator } from '../../emulators/route53/server.js'
import type { Zone } from '../../emulators/route53/zone.js'
import { type S3Emulator, type S3EmulatorOptions, startS3Emulator } from '../../emulators/s3/emulator.js'
import { type ServerProcess, spawnServer } from '../support/server-process.js'
import { type Answer, awsEnvironment, bucket, key, type Login, request } from '../support/world.js'

/** Hosts enough for a load. */
export const logins: readonly Login[] = Array.from({ length: 20 }, (_, index) => ({
  user: `h${index}.example.com`,
  token: `token-${index}`,
}))

/** The built server, that answers. */
export interface Running {
  readonly process: ServerProcess
  readonly url: string
  readonly port: number
  /** Requests /register_ip, or another path, as the one proxy would pass it on from `from`. */
  register(login: Login | undefined, from?: string, path?: string): Promise<Answer>
}

/** What the built server stands on; it may be started there again and again. */
export interface Ground {
  readonly s3: S3Emulator
  readonly route53: Route53Emulator
  /** The hosted zone example.com. */
  readonly zone: Zone
  /** The A values in the zone at this name. */
  held(name: string): string[]
  /** Starts the built server with these variables beside its own; see spawnServer. */
  spawn(env?: Readonly<Record<string, string>>, prefix?: readonly string[]): ServerProcess
  /** Starts it and waits until it listens, and, unless told not to, until it has its hosts. */
  start(
    env?: Readonly<Record<string, string>>,
    waitUntilLoaded?: boolean,
    prefix?: readonly string[],
  ): Promise<Running>
}

/** Runs a test on a ground of its own, and ends whatever the test has started there. */
export async function onGround(
  test: (ground: Ground) => Promise<void>,
  options: S3EmulatorOptions = {},
): Promise<void> {
  const s3 = await startS3Emulator({ buckets: [bucket], ...options })
  s3.put(bucket, key, logins.map(({ user, token }) => `${user},${token}\n`).join(''))
  const route53 = await startRoute53Emulator()
  const zone = route53.model.addZone({ name: 'example.com' })
  const spawned: ServerProcess[] = []
  const ground: Ground = {
    s3,
    route53,
    zone,
    held: (name) => zone.get(name, 'A').flatMap(({ values }) => values),
    spawn(env = {}, prefix = []) {
      const server = spawnServer(
        { ...awsEnvironment(s3, route53), DYNDNS_TRUST_PROXY: '1', ...env },
        undefined,
        prefix,
      )
      spawned.push(server)
      return server
    },
    async start(env, waitUntilLoaded = true, prefix = []) {
      const server = ground.spawn(env, prefix)
      const port = Number((await server.logged('listening'))['port'])
      if (waitUntilLoaded) await server.logged('host database loaded')
      const url = `http://127.0.0.1:${port}`
      return {
        process: server,
        url,
        port,
        register: (login, from, path = '/register_ip') => request(url + path, login, from),
      }
    },
  }
  try {
    await test(ground)
  } finally {
    for (const { child } of spawned) child.kill('SIGKILL')
    await Promise.all(spawned.map(({ exited }) => exited))
    await Promise.all([s3.close(), route53.close()])
  }
}
