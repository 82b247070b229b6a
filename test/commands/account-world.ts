import { publicZones } from '../../emulators/dns/route53.js'
import { startDnsServer } from '../../emulators/dns/server.js'
import type { DnsZone } from '../../emulators/dns/zone.js'
import {
  type Route53Emulator,
  type Route53EmulatorOptions,
  startRoute53Emulator,
} from '../../emulators/route53/server.js'
import type { S3EmulatorOptions } from '../../emulators/s3/emulator.js'
import { bucket, type CliWorld, closeCliWorlds, createCliWorld, key } from '../cli-world.js'
import { type CliResult, runCli } from '../support/cli-process.js'

/** What an account differs in from a sound one: the emulators, and the database. */
export interface AccountOptions {
  readonly s3?: S3EmulatorOptions
  readonly route53?: Route53EmulatorOptions
  /** Undefined: there is no object. */
  readonly csv?: string | undefined
}

/** A command's surroundings with S3, Route 53 and a DNS server; it has no zone yet. */
export interface AccountWorld extends CliWorld {
  readonly route53: Route53Emulator
  /** The DNS server, as `--dns` takes it. */
  readonly dnsServer: string
  /** What it serves: by default the root and what Route 53 holds. */
  dnsZones: () => readonly DnsZone[]
  /** Runs `dyndns53` in the world's environment with these changes. */
  run(args: readonly string[], change?: Readonly<Record<string, string>>): Promise<CliResult>
}

/** The root of the DNS, as far as a resolver needs it to see that it reaches the internet. */
export const root: DnsZone = {
  name: '.',
  recordSets: [{ name: '.', type: 'NS', ttl: 60, values: ['a.root-servers.net.'] }],
}

const endings: (() => Promise<void>)[] = []

/** Takes down every world of this file. */
export async function closeAccountWorlds(): Promise<void> {
  for (const end of endings.splice(0)) await end()
  await closeCliWorlds()
}

/** Starts a world whose DNS holds what its Route 53 does. */
export async function createAccountWorld({ s3, route53, csv }: AccountOptions = {}): Promise<AccountWorld> {
  const cli = await createCliWorld(s3)
  if (csv !== undefined) cli.s3.put(bucket, key, csv)
  const emulator = await startRoute53Emulator(route53)
  const env = { ...cli.env, AWS_ENDPOINT_URL_ROUTE_53: emulator.url }
  const dns = await startDnsServer({ lookup: () => world.dnsZones() })
  const world: AccountWorld = {
    ...cli,
    env,
    route53: emulator,
    dnsServer: `127.0.0.1:${dns.port}`,
    dnsZones: () => [root, ...publicZones(emulator.model.zones())],
    dyndns53: (...args) => runCli(args, env, cli.directory),
    run: (args, change) => runCli(args, { ...env, ...change }, cli.directory),
  }
  endings.push(dns.close, emulator.close)
  return world
}
