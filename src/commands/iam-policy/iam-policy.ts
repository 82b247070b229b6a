import type { Command } from 'commander'
import { readAccountConfig } from '../../config.js'
import { parseDatabase } from '../../hosts/database.js'
import { listZones } from '../../route53/zone-list.js'
import { describeFault, describeMissingZone, groupByZone, openAccount } from '../account.js'
import { type CommandContext, CommandError } from '../context.js'
import { sayBadLines } from '../database/rows-by-name.js'
import { count, firstFew } from '../lists.js'
import type { Grant } from './grants.js'
import { maxSize, type Policy, sizeOf, smallestPolicy } from './policy.js'

interface IamPolicyOptions {
  readonly offline?: true
  readonly admin?: true
}

/** Adds `iam-policy`. */
export function addIamPolicyCommand(program: Command, context: CommandContext): void {
  program
    .command('iam-policy')
    .description('print the smallest IAM policy with which the service can serve the hosts of the database')
    .option(
      '--offline',
      'let it delete their records too, as the parameter offline=YES of an update asks for',
    )
    .option('--admin', 'let it replace the database too, as the other commands do')
    .addHelpText(
      'after',
      '\nReads the database and the hosted zones (of DYNDNS_ZONE_IDS, if it is set), and changes nothing.\n' +
        'Print it anew when hosts are added: what it does not name is refused.',
    )
    .action((options: IamPolicyOptions) => printPolicy(context, options))
}

async function printPolicy(context: CommandContext, options: IamPolicyOptions): Promise<void> {
  const { database: config, zoneIds } = readAccountConfig(context.env)
  const store = context.openStore()
  const { database, problems } = parseDatabase((await store.read()).bytes)
  sayBadLines(context.say, store.place, problems.length)
  const { route53, requests } = openAccount(config.aws)
  const { zones, missing } = await listZones(route53, requests, zoneIds).catch((error: unknown) => {
    const action = zoneIds.length > 0 ? 'route53:GetHostedZone' : 'route53:ListHostedZones'
    throw new CommandError(describeFault(error, action))
  })
  for (const id of missing) context.say(describeMissingZone(id))
  const { zones: hosts, zoneless } = groupByZone(database.hostnames(), zones, zoneIds)
  sayLeftOut(context, zoneless)
  if (hosts.length === 0) {
    throw new CommandError(
      `no host of ${store.place} lies in a public hosted zone, so there is nothing to allow`,
    )
  }
  const partition = partitionOf(config.aws.region)
  const { offline = false, admin = false } = options
  const found = smallestPolicy({ ...config, partition, zoneIds, hosts, offline, admin })
  if (!found) {
    const most = `the ${maxSize.managed} characters that IAM takes`
    throw new CommandError(
      `a policy for ${count(hosts.length, 'hosted zone')} has more than ${most}: take hosts of some zones out of the database`,
    )
  }
  await context.printJson(found.policy)
  sayWidened(context, found.grants)
  saySize(context, found.policy)
}

/** Hosts, or groups of them, that are named one by one. */
const maxNamed = 20

function sayLeftOut({ say }: CommandContext, zoneless: ReadonlyMap<string, readonly string[]>): void {
  const left = [...zoneless]
  for (const [reason, names] of left.slice(0, maxNamed)) say(`left out ${firstFew(names)}: ${reason}`)
  const unnamed = left.slice(maxNamed).flatMap(([, names]) => names)
  if (unnamed.length > 0) say(`left out ${count(unnamed.length, 'more host')} without a zone`)
}

function sayWidened({ say }: CommandContext, grants: readonly Grant[]): void {
  const domains = grants.flatMap((grant) => grant.domains)
  if (domains.length === 0) return
  const patterns = firstFew(domains.map((domain) => `*.${domain}`))
  say(
    `a list of all hosts does not fit into a policy, so it allows every name that matches ${patterns}: mind the other A and AAAA records there`,
  )
}

function saySize({ say }: CommandContext, policy: Policy): void {
  const size = `${sizeOf(policy)} characters without white space`
  say(
    sizeOf(policy) <= maxSize.inline
      ? `${size}: fits an inline policy of a user (${maxSize.inline}) and a managed policy (${maxSize.managed})`
      : `${size}: too long for an inline policy of a user (${maxSize.inline}), fits a managed policy (${maxSize.managed})`,
  )
}

/** The part of AWS that a region belongs to, as ARNs name it. */
function partitionOf(region: string): string {
  const [prefix] = /^(cn|us-gov|eusc)(?=-)/.exec(region) ?? []
  return prefix === undefined ? 'aws' : `aws-${prefix}`
}
