import { publicZones, root } from './dns/route53.js'
import { type DnsServer, startDnsServer } from './dns/server.js'
import type { DnsZone } from './dns/zone.js'
import { bucket as defaultBucket, emulatorEnvironment, key } from './environment.js'
import { type Route53Emulator, type Route53EmulatorOptions, startRoute53Emulator } from './route53/server.js'
import { type S3Emulator, type S3EmulatorOptions, startS3Emulator } from './s3/emulator.js'

/** How the three start; by default each on a free port, S3 with one empty bucket, Route 53 without a zone. */
export interface EmulatorsOptions {
  readonly s3?: S3EmulatorOptions | undefined
  readonly route53?: Route53EmulatorOptions | undefined
  readonly dnsPort?: number | undefined
  /** The bucket that is made (default: that of environment.ts). */
  readonly bucket?: string | undefined
  /** The host database in it; undefined: there is no object. */
  readonly csv?: string | undefined
  /** Hosted zones to make; one name may be given twice. */
  readonly zones?: readonly string[] | undefined
}

/** An emulated account: its S3, its Route 53, and a DNS server that answers for its zones. */
export interface Emulators {
  readonly s3: S3Emulator
  readonly route53: Route53Emulator
  readonly dns: DnsServer
  /** What the DNS server answers for, asked anew for every question; may be assigned to. At first the root and all public zones. */
  dnsZones: () => Iterable<DnsZone>
  /** The variables that lead a program to them. */
  readonly environment: Readonly<ReturnType<typeof emulatorEnvironment>>
  /** Cuts all connections and frees the ports; one that is closed already stays so. */
  close(): Promise<void>
}

/** Starts all three, or none: rejects when a port is taken, and the others are closed again. */
export async function startEmulators(options: EmulatorsOptions = {}): Promise<Emulators> {
  const { csv, zones = [], bucket = defaultBucket } = options
  const closings: (() => Promise<void>)[] = []
  const close = async () => {
    await Promise.all(closings.splice(0).map((end) => end()))
  }
  try {
    const s3 = await startS3Emulator({ buckets: [bucket], ...options.s3 })
    closings.push(s3.close)
    if (csv !== undefined) s3.put(bucket, key, csv)
    const route53 = await startRoute53Emulator(options.route53)
    closings.push(route53.close)
    for (const name of zones) route53.model.addZone({ name })
    const dns = await startDnsServer({ lookup: () => emulators.dnsZones(), port: options.dnsPort ?? 0 })
    closings.push(dns.close)
    const emulators: Emulators = {
      s3,
      route53,
      dns,
      dnsZones: () => [root, ...publicZones(route53.model.zones())],
      environment: emulatorEnvironment({ s3, route53, bucket }),
      close,
    }
    return emulators
  } catch (error) {
    await close()
    throw error
  }
}
