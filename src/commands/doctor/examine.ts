import { createS3Client } from '../../aws.js'
import type { AccountConfig } from '../../config/config.js'
import type { Environment } from '../../config/variable.js'
import { createDatabaseStore } from '../../hosts/store.js'
import { listZones } from '../../route53/hosted-zones.js'
import { type Account, groupByZone, listAction, openAccount, type ZoneHosts } from '../account.js'
import { commandTimeoutMs, type EnvFile } from '../context.js'
import { count } from '../lists.js'
import {
  checkClock,
  checkCredentials,
  type ReadSkew,
  resultOfCall,
  resultOfRead,
  watchSkew,
} from './aws-calls.js'
import { checkConfiguration, checkSources } from './configuration.js'
import { checkBucket, checkRows } from './database.js'
import { checkCuts, checkDelegations, findDelegations } from './delegation.js'
import { type Check, checks, type Finding, findings, skipped } from './finding.js'
import { checkLeftovers } from './leftovers.js'
import { checkPermission } from './permission.js'
import { checkPostgres } from './postgres.js'
import { checkService } from './service.js'
import { checkHostZones, checkRecordList, checkRecords, checkZoneList, readRecords } from './zones.js'

/** What to look at beside the environment. */
export interface ExamineOptions {
  /** The running service. */
  readonly url: URL | undefined
  /** The DNS server to ask, as an address with or without a port; undefined: the one of this machine. */
  readonly dns: string | undefined
}

/** Makes every check in its order; one that cannot be made for what an earlier one has found wrong is `skipped`. */
export async function* examine(
  env: Environment,
  envFile: EnvFile | undefined,
  { url, dns }: ExamineOptions,
): AsyncGenerator<Finding> {
  const { verdicts, config, postgres, allowPrivate, certificates } = checkConfiguration(env)
  yield* findings('configuration', [...verdicts, ...checkSources(env, envFile)], 'variable')
  if (config) yield* examineAccount(config, certificates, dns)
  else yield* allSkipped(checksOfAccount, 'the configuration must be mended first')
  if (postgres) yield* findings('postgresql', await checkPostgres(postgres))
  if (url) yield* findings('service', [await checkService(url, allowPrivate)])
}

/** Those that need an AWS account and nothing else. */
const checksOfAccount = checks.slice(1, checks.indexOf('postgresql'))

async function* examineAccount(
  config: AccountConfig,
  certificates: boolean,
  dns: string | undefined,
): AsyncGenerator<Finding> {
  const { zoneIds, database } = config
  const account = openAccount(database.aws)
  const s3 = createS3Client(database.aws)
  const store = createDatabaseStore(s3, database, { timeoutMs: commandTimeoutMs })
  const readSkew = watchSkew([s3, account.client])
  const [read, list] = await Promise.all([
    resultOfRead(store.read(), readSkew),
    resultOfCall(listZones(account.route53, account.requests, zoneIds), listAction(zoneIds), readSkew),
  ])
  yield* findings('credentials', [checkCredentials([read, list])])
  yield* findings('bucket', [checkBucket(read, database)])
  const rows = 'value' in read ? checkRows(read.value.bytes) : undefined
  if (rows) yield* rows.found
  else yield* allSkipped(['rows'], 'the database must be readable first')
  yield* checkZoneList(list)
  if (!rows || 'failure' in list) {
    yield* allSkipped(hostChecks, 'the database must be readable and the zones listed first')
  } else if (rows.database.size === 0) {
    yield* allSkipped(hostChecks, 'no line of the database has a host')
  } else {
    const { zones, zoneless } = groupByZone(rows.database.hostnames(), list.value.zones, zoneIds)
    yield* checkHostZones(zones, zoneless)
    if (zones.length > 0) yield* examineZones(zones, account, certificates, dns, readSkew)
    else yield* allSkipped(zoneChecks, 'no host lies in a zone')
    const leftovers = await checkLeftovers(store, rows.database, account, list.value.zones, zoneIds)
    yield* findings('leftovers', leftovers, 'record')
  }
  yield* findings('clock', [checkClock(readSkew())])
}

/** The checks that need the zones that hosts lie in. */
const zoneChecks: readonly Check[] = ['record list', 'records', 'permission', 'delegation']
/** Those that need both hosts and zones. */
const hostChecks: readonly Check[] = ['host zones', ...zoneChecks, 'leftovers']

/** At most this many hosts of a zone are looked at: twice the 10,000 records that a zone may have, unless AWS allows more. */
const maxHostsOfZone = 20_000

/** The DNS, and Route 53 for permission to write, are asked about at most this many zones. */
const maxZones = 20

async function* examineZones(
  hosts: readonly ZoneHosts[],
  account: Account,
  certificates: boolean,
  dns: string | undefined,
  readSkew: ReadSkew,
): AsyncGenerator<Finding> {
  const action = 'route53:ListResourceRecordSets'
  const zones = await Promise.all(
    hosts.map(async ({ zone, names }) => {
      const looked = { zone, names: names.slice(0, maxHostsOfZone) }
      return { ...looked, read: await resultOfCall(readRecords(account, looked), action, readSkew) }
    }),
  )
  yield* checkRecordList(zones)
  const records = zones.flatMap(({ read }) => ('value' in read ? [read.value] : []))
  if (records.length > 0) yield* checkRecords(records, certificates)
  else yield* allSkipped(['records'], 'the records must be listed first')
  const left = hosts.reduce((sum, { names }) => sum + Math.max(0, names.length - maxHostsOfZone), 0)
  if (left > 0) yield* allSkipped(['records'], `not looked at for ${count(left, 'more host')}`)
  yield* await checkPermission(zones.slice(0, maxZones), account)
  yield* checkDelegations(await findDelegations(zones.slice(0, maxZones), account, dns))
  yield* checkCuts(zones)
  const more = zones.length - maxZones
  if (more > 0)
    yield* allSkipped(['permission', 'delegation'], `not looked at for ${count(more, 'more zone')}`)
}

function* allSkipped(names: readonly Check[], reason: string): Generator<Finding> {
  for (const name of names) yield* findings(name, [skipped(reason)])
}
