import type { Command } from 'commander'
import { readAccountConfig, readPostgresConfig } from '../../config/config.js'
import { addTo } from '../../multimap.js'
import { isDnsServer } from '../../net/dns.js'
import { parseAddress } from '../../net/ip-address.js'
import type { RecordSet } from '../../route53/api.js'
import type { LastCall } from '../../store/history-tables.js'
import { openAccount } from '../account.js'
import { readAddressRecords } from '../address-records.js'
import { type CommandContext, CommandError } from '../context.js'
import { readRowsByName, sayBadLines } from '../database/rows-by-name.js'
import { acceptedDnsServer } from '../dns.js'
import { describeLastCall, readLastCalls } from '../history/last-calls.js'
import { hostArguments } from '../host-argument.js'
import { count, oneLine } from '../lists.js'
import { type AnsweredRecord, askNameServers } from './answers.js'
import { type Duration, durationArgument } from './duration.js'

interface StatusOptions {
  readonly dns?: string
  /** Only hosts whose last call is longer ago, or of which none is kept. */
  readonly stale?: Duration
  readonly json?: true
}

/** What is known of a host. */
interface HostStatus {
  readonly host: string
  readonly inDatabase: boolean
  /** Why the service cannot write it at all; undefined where it lies in a zone. */
  readonly problem: string | undefined
  /** A and AAAA, in this order; empty with a problem. */
  readonly records: readonly AnsweredRecord[]
  /** Null where no call is kept; undefined where there is no history to ask. */
  readonly lastCall: LastCall | null | undefined
}

/** Adds `status`. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show for each HOST, or all of them, what Route 53 holds and what the DNS answers')
    .argument('[HOST...]', 'full names', hostArguments)
    .option('--dns <SERVER>', 'ask this DNS server, by its address, in place of the name servers of the zone')
    .option(
      '--stale <TIME>',
      'only those that have not called for TIME, such as 12h, 7d or 2w',
      durationArgument,
    )
    .option('--json', 'write JSON')
    .addHelpText(
      'after',
      '\nReads, and changes nothing. A host that is not in the database is shown as well.\n' +
        'With DATABASE_URL, where the service keeps a history, it shows the last call of each too; --stale needs that.\n' +
        'A login that failed is no call.',
    )
    .action((names: string[] | undefined, options: StatusOptions, command: Command) => {
      if (options.dns !== undefined && !isDnsServer(options.dns)) {
        command.error(`error: --dns takes ${acceptedDnsServer}`)
      }
      return showStatus(context, names ?? [], options)
    })
}

async function showStatus(
  context: CommandContext,
  names: readonly string[],
  options: StatusOptions,
): Promise<void> {
  const { print, printJson, say } = context
  const { hosts, looked } = await readStatus(context, names, options)
  if (options.json) return printJson(hosts.map(asJson))
  const width = hosts.reduce((longest, { host }) => Math.max(longest, host.length), 0)
  const lines = hosts.flatMap((host) =>
    describe(host).map((what) => `${host.host.padEnd(width)}  ${oneLine(what)}\n`),
  )
  await print(lines.join(''))
  if (options.stale) {
    const silent = `no call for ${options.stale.text}, as far as the history goes back`
    return say(`${hosts.length} of ${count(looked, 'host')} with ${silent}`)
  }
  const working = hosts.filter(({ records }) => records.some(isServed)).length
  say(`${count(hosts.length, 'host')}, ${working} of them with an address that the DNS answers`)
}

/** The hosts that are to be shown, and how many were looked at for that. */
async function readStatus(
  context: CommandContext,
  asked: readonly string[],
  { dns, stale }: StatusOptions,
): Promise<{ hosts: readonly HostStatus[]; looked: number }> {
  const { env, openStore, say, wait } = context
  const { database, zoneIds } = readAccountConfig(env)
  const store = openStore()
  const { rows, badLines } = readRowsByName((await store.read()).bytes)
  sayBadLines(say, store.place, badLines)
  const looked = asked.length > 0 ? asked : [...rows.keys()]
  const calls = await readCalls(context, looked, stale !== undefined)
  const names = stale ? looked.filter((name) => isStale(calls?.get(name), stale)) : looked
  const account = openAccount(database.aws)
  const { records, zoneless } = await wait('Route 53', readAddressRecords(account, names, zoneIds))
  const byName = new Map<string, AnsweredRecord[]>()
  for (const answered of await wait('the DNS', askNameServers(records, account, dns))) {
    addTo(byName, answered.record.name, answered)
  }
  const problems = new Map([...zoneless].flatMap(([reason, those]) => those.map((name) => [name, reason])))
  const hosts = names.map((host) => ({
    host,
    inDatabase: rows.has(host),
    problem: problems.get(host),
    records: byName.get(host) ?? [],
    lastCall: calls && (calls.get(host) ?? null),
  }))
  return { hosts, looked: looked.length }
}

/**
 * The last calls that the history has; undefined where there is none. What is wrong with it is only said, unless it
 * `isNeeded`: then throws a CommandError.
 */
async function readCalls(
  context: CommandContext,
  names: readonly string[],
  isNeeded: boolean,
): Promise<ReadonlyMap<string, LastCall> | undefined> {
  if (isNeeded) return readLastCalls(context, names)
  if (!readPostgresConfig(context.env)) return undefined
  try {
    return await readLastCalls(context, names)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    context.say(`shown without the last calls: ${error.message}`)
    return undefined
  }
}

function isStale(call: LastCall | undefined, { ms }: Duration): boolean {
  return call === undefined || Date.now() - call.last.getTime() > ms
}

/** Whether the DNS answers just what the service could have written. */
function isServed({ record, answer }: AnsweredRecord): boolean {
  return record.kind === 'own' && 'addresses' in answer && answer.addresses.join() === addressOf(record.held)
}

/** The canonical spelling of a record's one value; as it stands where that is no address. */
function addressOf({ values: [value = ''] }: RecordSet): string {
  return parseAddress(value)?.text ?? value
}

/** A line for each thing to say about a host, at least one. */
function describe({ inDatabase, problem, records, lastCall }: HostStatus): string[] {
  const lines = problem === undefined ? records.flatMap(describeRecord) : [problem]
  if (lines.length === 0) {
    const [error] = records.flatMap(({ answer }) => ('error' in answer ? [answer.error] : []))
    const dns = error === undefined ? 'the DNS answers none' : `the DNS gives no answer (${error})`
    lines.push(`no address record, and ${dns}: it has not registered yet`)
  }
  // What keeps out A keeps out AAAA, in the same words.
  return [
    ...new Set(lines),
    ...(inDatabase ? [] : ['not in the database: it may not register']),
    ...(lastCall === undefined ? [] : [`last call: ${describeLastCall(lastCall ?? undefined)}`]),
  ]
}

/** Nothing where there is no record, and the DNS has none. */
function describeRecord({ record, answer }: AnsweredRecord): string[] {
  const dns = 'error' in answer ? `the DNS gives no answer (${answer.error})` : undefined
  const addresses = 'addresses' in answer ? answer.addresses.join(', ') : ''
  switch (record.kind) {
    case 'absent':
      return addresses === '' ? [] : [`${record.type}: no record, yet the DNS answers ${addresses}`]
    case 'foreign':
      return [record.reason]
    case 'own': {
      const held = `${record.type} ${addressOf(record.held)}, TTL ${record.held.ttlSeconds ?? 0} s`
      if (isServed({ record, answer })) return [`${held}, and the DNS answers the same`]
      const other = `the DNS answers ${addresses || 'nothing'}: after a change, wait for a minute; else ask dyndns53 doctor`
      return [`${held}, but ${dns ?? other}`]
    }
  }
}

/**
 * For a script; `answers` is null where the DNS gave none, and `dnsError` says why. `lastCall` is null where none is kept,
 * and left out where there is no history to ask.
 */
function asJson({ host, inDatabase, problem, records, lastCall }: HostStatus) {
  return {
    host,
    inDatabase,
    zone: records[0]?.record.zone.name ?? null,
    problem: problem ?? null,
    records: records.map(({ record, answer }) => ({
      type: record.type,
      kind: record.kind,
      address: record.kind === 'own' ? addressOf(record.held) : null,
      ttlSeconds: record.kind === 'own' ? (record.held.ttlSeconds ?? null) : null,
      reason: record.kind === 'foreign' ? record.reason : null,
      answers: 'addresses' in answer ? answer.addresses : null,
      dnsError: 'error' in answer ? answer.error : null,
    })),
    ...(lastCall !== undefined && { lastCall }),
  }
}
