import { startEmulators } from '../../emulators/emulators.js'
import { documentedQuotas } from '../../emulators/route53/quotas.js'
import type { Zone } from '../../emulators/route53/zone.js'
import { type HerdHost, zoneName } from './hosts.js'

/** How long each call to the emulated Route 53 takes, in milliseconds. */
export const route53LatencyMs = 100

/** An S3 and a Route 53 of their own for one run. */
export interface HerdEmulators {
  readonly zone: Zone
  readonly log: { statistics(): { reads: number; writes: number; throttled: number }; clear(): void }
  /** What leads a server to them. */
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Starts them; the host database has all of `hosts`, the zone has each with its old address, and IAM denies `denied`. */
export async function startHerdEmulators(
  hosts: readonly HerdHost[],
  denied: readonly HerdHost[] = [],
): Promise<HerdEmulators> {
  const deniedNames = new Set(denied.map(({ name }) => `${name}.`))
  const { route53, environment, close } = await startEmulators({
    csv: hosts.map(({ name, token }) => `${name},${token}\n`).join(''),
    route53: {
      latencyMs: route53LatencyMs,
      quotas: documentedQuotas,
      allow: (call) =>
        call.action !== 'ChangeResourceRecordSets' ||
        !call.changes.some(({ recordSet }) => deniedNames.has(recordSet.name)),
    },
  })
  const records = hosts.map(({ name, oldAddress }) => ({ name, type: 'A', ttl: 60, values: [oldAddress] }))
  return {
    zone: route53.model.addZone({ name: zoneName, records }),
    log: route53.model.log,
    environment,
    close,
  }
}
