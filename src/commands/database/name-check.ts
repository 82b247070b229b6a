import { readAccountConfig } from '../../config/config.js'
import type { ZoneList } from '../../route53/hosted-zones.js'
import { type Account, groupByZone, listAccountZones, openAccount, type ZoneHosts } from '../account.js'
import { type CommandContext, CommandError } from '../context.js'
import { firstFew } from '../lists.js'
import { neededGrant, probeWrite } from '../write-probe.js'

/** What stands against hosts that are to be added. */
interface Objections {
  /** Why the service could not write them. */
  readonly problems: readonly string[]
  /** What could not be found out. */
  readonly notes: readonly string[]
}

/**
 * Says what keeps the service from writing new hosts, as far as this key can ask; throws a CommandError if anything does,
 * unless told to `force`. `neighbours` are the hosts that are there already.
 */
export async function checkNewNames(
  { env, say, wait }: CommandContext,
  names: readonly string[],
  neighbours: Iterable<string>,
  force: boolean,
): Promise<void> {
  const { database, zoneIds } = readAccountConfig(env)
  const account = openAccount(database.aws)
  let list: ZoneList
  try {
    list = await wait('Route 53', listAccountZones(account, zoneIds))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return say(`not checked whether a hosted zone holds ${firstFew(names)}: ${error.message}`)
  }
  const objections = objectionsTo(names, neighbours, list, zoneIds, account)
  const { problems, notes } = await wait('Route 53', objections)
  for (const note of notes) say(note)
  if (problems.length === 0) return
  if (!force) throw new CommandError(`nothing was added: ${problems.join('; ')}; or add it with --force`)
  for (const problem of problems) say(`warning: ${problem}`)
}

async function objectionsTo(
  names: readonly string[],
  neighbours: Iterable<string>,
  { zones: listed }: ZoneList,
  zoneIds: readonly string[],
  account: Account,
): Promise<Objections> {
  const { zones, zoneless } = groupByZone(names, listed, zoneIds)
  const problems = [...zoneless.keys()]
  const notes: string[] = []
  for (const hosts of zones) {
    const permission = await probeWrite(account, hosts.zone, hosts.names)
    const what = `the addresses of ${firstFew(hosts.names)}`
    if (permission.kind === 'unknown') {
      notes.push(`not checked whether the AWS key may write ${what}: ${permission.reason}`)
    } else if (permission.kind === 'denied') {
      const others = groupByZone(neighbours, listed, zoneIds).zones
      const isOurs = await mayWriteOther(account, hosts, others)
      if (isOurs) problems.push(`the AWS key may not write ${what}, but those of other hosts: ${neededGrant}`)
      else notes.push(`this AWS key may write no addresses there: that of the service must, for ${what}`)
    }
  }
  return { problems, notes }
}

/** Whether the key may write at a host that is there already: if not, it is not the one of the service. */
async function mayWriteOther(
  account: Account,
  { zone }: ZoneHosts,
  others: readonly ZoneHosts[],
): Promise<boolean> {
  const [other] = others.find((hosts) => hosts.zone.id === zone.id)?.names ?? []
  return other !== undefined && (await probeWrite(account, zone, [other])).kind === 'allowed'
}

/** What the owner may have to do once hosts were added: only they know which policy the service has. */
export const policyAdvice =
  'does the policy of the service name its hosts one by one (printed without --below)? then give it the one that dyndns53 iam-policy prints now'
