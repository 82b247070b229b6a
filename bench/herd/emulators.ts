import { documentedQuotas } from '../../emulators/route53/quotas.js'
import { startRoute53Emulator } from '../../emulators/route53/server.js'
import type { Zone } from '../../emulators/route53/zone.js'
import { startS3Emulator } from '../../emulators/s3/emulator.js'
import { awsEnvironment, bucket, key } from '../../test/support/world.js'
import { type HerdHost, zoneName } from './hosts.js'

/** How long each call to the emulated Route 53 takes, in milliseconds. */
export const route53LatencyMs = 100

/** An S3 and a Route 53 of their own for one run. */
export interface Emulators {
  readonly zone: Zone
  readonly log: { statistics(): { reads: number; writes: number; throttled: number }; clear(): void }
  /** What leads a server to them. */
  readonly environment: Record<string, string>
  close(): Promise<unknown>
}

/** Starts them; the host database has all of `hosts`, and the zone has each with its old address. */
export async function startEmulators(hosts: readonly HerdHost[]): Promise<Emulators> {
  const s3 = await startS3Emulator()
  s3.put(bucket, key, hosts.map(({ name, token }) => `${name},${token}\n`).join(''))
  const route53 = await startRoute53Emulator({ latencyMs: route53LatencyMs, quotas: documentedQuotas })
  const records = hosts.map(({ name, oldAddress }) => ({ name, type: 'A', ttl: 60, values: [oldAddress] }))
  return {
    zone: route53.model.addZone({ name: zoneName, records }),
    log: route53.model.log,
    environment: awsEnvironment(s3, route53),
    close: () => Promise.all([s3.close(), route53.close()]),
  }
}
