import { type Command, InvalidArgumentError } from 'commander'
import { challengePattern } from '../../certificates/challenge-name.js'
import { readAccountConfig } from '../../config/config.js'
import { parseDatabase } from '../../hosts/database.js'
import { parseHostname } from '../../net/hostname.js'
import { describeMissingZone, listAccountZones, openAccount } from '../account.js'
import { type CommandContext, CommandError } from '../context.js'
import { sayBadLines } from '../database/rows-by-name.js'
import { count, firstFew } from '../lists.js'
import { grantBelow, grantChallenges, grantHosts } from './grants.js'
import { createPolicy, maxSize, sizeOf } from './policy.js'

interface IamPolicyOptions {
  /** Canonical names, at least one; left out, the hosts are allowed one by one. */
  readonly below?: readonly string[]
  readonly admin?: true
  /** Commander's name for what --no-certificates switches off. */
  readonly certificates: boolean
}

/** Adds `iam-policy`. */
export function addIamPolicyCommand(program: Command, context: CommandContext): void {
  program
    .command('iam-policy')
    .description('print the smallest IAM policy with which the service can serve the hosts of the database')
    .option(
      '--below <DOMAIN>',
      'allow every name below DOMAIN, but not DOMAIN itself, instead of the hosts one by one; may be repeated',
      addDomain,
    )
    .option('--no-certificates', 'do not allow the TXT records that prove the hosts to a CA')
    .option(
      '--admin',
      'let it replace the database too, and read its older versions, as the other commands do',
    )
    .addHelpText(
      'after',
      '\nReads the database and the hosted zones (of DYNDNS_ZONE_IDS, if it is set), and changes nothing.\n' +
        'Print it anew when hosts are added: what it does not allow is refused. With --below, only for a host that\n' +
        'lies below no DOMAIN, or in a hosted zone of its own within one.',
    )
    .action((options: IamPolicyOptions) => printPolicy(context, options))
}

/** Reads one more of several domains; one that is named twice counts once. Throws commander's InvalidArgumentError. */
function addDomain(text: string, earlier: readonly string[] = []): string[] {
  const domain = parseHostname(text)
  if (domain === undefined || domain.startsWith('*'))
    throw new InvalidArgumentError('It is not a full domain name such as dyn.example.com.')
  return [...new Set([...earlier, domain])]
}

async function printPolicy(context: CommandContext, options: IamPolicyOptions): Promise<void> {
  const { say } = context
  const { below = [], admin = false, certificates } = options
  const { database: config, zoneIds } = readAccountConfig(context.env)
  const store = context.openStore()
  const { database, problems } = parseDatabase((await store.read()).bytes)
  sayBadLines(say, store.place, problems.length)
  const { zones, missing } = await context.wait(
    'Route 53',
    listAccountZones(openAccount(config.aws), zoneIds),
  )
  for (const id of missing) say(describeMissingZone(id))
  const hosts = [...database.hostnames()]
  const { grants, zoneless, uncovered } =
    below.length > 0 ? grantBelow(below, hosts, zones, zoneIds) : grantHosts(hosts, zones, zoneIds)
  sayLeftOut(say, zoneless)
  if (uncovered.length > 0) {
    say(`not covered: ${firstFew(uncovered, maxNamed)}: below none of ${firstFew(below)}`)
  }
  if (grants.length === 0) {
    throw new CommandError(
      `no host of ${store.place} lies in a public hosted zone, so there is nothing to allow`,
    )
  }
  const partition = partitionOf(config.aws.region)
  const challenges = certificates ? grantChallenges(below, hosts, zones, zoneIds) : []
  const policy = createPolicy({ ...config, partition, zoneIds, grants, challenges, admin })
  const size = sizeOf(policy)
  if (size > maxSize.managed) {
    const advice =
      below.length > 0
        ? 'name fewer domains with --below'
        : 'allow every name below a domain, with --below DOMAIN, instead of the hosts one by one'
    const orElse = certificates ? ', or do without certificates, with --no-certificates' : ''
    throw new CommandError(
      `the policy would have ${size} characters, and IAM takes ${maxSize.managed}: ${advice}${orElse}`,
    )
  }
  await context.printJson(policy)
  if (below.length > 0) sayPatterns(say, below)
  if (below.length > 0 && certificates) sayChallengePatterns(say, below)
  saySize(say, size)
}

type Say = CommandContext['say']

/** Hosts, or groups of them, that are named one by one. */
const maxNamed = 20

function sayLeftOut(say: Say, zoneless: ReadonlyMap<string, readonly string[]>): void {
  const left = [...zoneless]
  for (const [reason, names] of left.slice(0, maxNamed)) say(`left out ${firstFew(names)}: ${reason}`)
  const unnamed = left.slice(maxNamed).flatMap(([, names]) => names)
  if (unnamed.length > 0) say(`left out ${count(unnamed.length, 'more host')} without a zone`)
}

function sayPatterns(say: Say, domains: readonly string[]): void {
  const patterns = firstFew(domains.map((domain) => `*.${domain}`))
  const bare = domains.length === 1 ? `${domains[0]} itself` : 'these domains themselves'
  say(`allows every name that matches ${patterns}, and not ${bare}: mind the other A and AAAA records there`)
}

function sayChallengePatterns(say: Say, domains: readonly string[]): void {
  say(
    `allows TXT records at every name that matches ${firstFew(domains.map(challengePattern))}, for certificates`,
  )
}

function saySize(say: Say, size: number): void {
  const length = `${size} characters without white space`
  say(
    size <= maxSize.inline
      ? `${length}: fits an inline policy of a user (${maxSize.inline}) and a managed policy (${maxSize.managed})`
      : `${length}: too long for an inline policy of a user (${maxSize.inline}), fits a managed policy (${maxSize.managed})`,
  )
}

/** The part of AWS that a region belongs to, as ARNs name it. */
function partitionOf(region: string): string {
  const [prefix] = /^(cn|us-gov|eusc)(?=-)/.exec(region) ?? []
  return prefix === undefined ? 'aws' : `aws-${prefix}`
}
