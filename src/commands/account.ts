import { createRoute53Client } from '../aws.js'
import { awsErrorKind, describeSilence } from '../aws-errors.js'
import type { AwsConfig } from '../config/config.js'
import { addTo } from '../multimap.js'
import { monotonicClock } from '../net/clock.js'
import { createRoute53, type Route53, readNameServers, type Zone } from '../route53/api.js'
import { classifyFault } from '../route53/errors.js'
import { findZone, indexZones, listZones, type ZoneList } from '../route53/hosted-zones.js'
import { createTokenBucket, spend, type TokenBucket } from '../route53/rate-limit.js'
import { CommandError, commandTimeoutMs } from './context.js'

/** Route 53 as the commands ask it. */
export interface Account {
  readonly client: ReturnType<typeof createRoute53Client>
  readonly route53: Route53
  /** What each call of `route53` is to `spend` one of. */
  readonly requests: TokenBucket
  /** The name servers that Route 53 has given a zone; takes from `requests` itself, and needs route53:GetHostedZone. */
  nameServers(zoneId: string): Promise<string[]>
}

/** The hosts of a zone. */
export interface ZoneHosts {
  readonly zone: Zone
  /** Canonical host names, at least one. */
  readonly names: readonly string[]
}

/** Half of what Route 53 gives an account in the long run: the service may be running beside. */
const commandQuota = { burst: 20, perSecond: 5 }

/** Opens the account; asks for nothing yet. */
export function openAccount(aws: AwsConfig): Account {
  const client = createRoute53Client(aws, 3)
  const requests = createTokenBucket(commandQuota, monotonicClock)
  return {
    client,
    route53: createRoute53(client, commandTimeoutMs),
    requests,
    nameServers: (zoneId) => spend(requests, 1, () => readNameServers(client, zoneId, commandTimeoutMs)),
  }
}

/** Puts each host into its zone, of those `listed` for `zoneIds`; `zoneless` has the names of the others by what is wrong. */
export function groupByZone(
  hostnames: Iterable<string>,
  listed: readonly Zone[],
  zoneIds: readonly string[],
): { zones: ZoneHosts[]; zoneless: ReadonlyMap<string, readonly string[]> } {
  const index = indexZones(listed)
  const byZone = new Map<Zone, string[]>()
  const zoneless = new Map<string, string[]>()
  for (const name of hostnames) {
    const found = findZone(index, name, zoneIds)
    if (found.kind === 'zone') addTo(byZone, found.zone, name)
    else addTo(zoneless, found.reason, name)
  }
  return { zones: [...byZone].map(([zone, names]) => ({ zone, names })), zoneless }
}

/** The public hosted zones, or those of `zoneIds`. Throws a CommandError. */
export function listAccountZones(
  { route53, requests }: Account,
  zoneIds: readonly string[],
): Promise<ZoneList> {
  return explained(listZones(route53, requests, zoneIds), listAction(zoneIds))
}

/** A call to Route 53 that needs the permission `action`. Throws a CommandError that says what Route 53 had against it. */
export function explained<T>(call: Promise<T>, action: string): Promise<T> {
  return call.catch((error: unknown) => {
    throw new CommandError(describeFault(error, action))
  })
}

/** The permission that `listZones` needs for these ids. */
export function listAction(zoneIds: readonly string[]): string {
  return zoneIds.length > 0 ? 'route53:GetHostedZone' : 'route53:ListHostedZones'
}

/** What to do about an id of DYNDNS_ZONE_IDS that belongs to no public zone. */
export function describeMissingZone(id: string): string {
  return `DYNDNS_ZONE_IDS names ${id}, which is no public hosted zone of this AWS account: correct it`
}

const wrongClock = 'the clock of this machine is wrong: set it right'

/** What Route 53 had against a call that needs the permission `action`, such as `route53:GetHostedZone`, and what to do. */
export function describeFault(error: unknown, action: string): string {
  const { kind, message } = classifyFault(error)
  switch (kind) {
    case 'denied':
      return `the AWS key may not do ${action}: allow it in its IAM policy (${message})`
    case 'skewed':
      return wrongClock
    case 'credentials':
      // Of these, the message is the name of the error and no more.
      if (awsErrorKind(message) === 'clock') return wrongClock
      return `Route 53 does not accept the AWS credentials (${message}): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`
    case 'throttled':
    case 'busy':
      return 'the calls to Route 53 that AWS gives the account are used up: try again in a minute'
    case 'unreachable':
    case 'lost':
      return `Route 53 is out of reach (${describeSilence(error) ?? message}): check the network of this machine, and AWS_ENDPOINT_URL_ROUTE_53 if it is set`
    case 'zone-gone':
      return 'the hosted zone has just been deleted: start again'
    case 'rejected':
      return `Route 53 rejects ${action} (${message}): check DYNDNS_ZONE_IDS`
  }
}
