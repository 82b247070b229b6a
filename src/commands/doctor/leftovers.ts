import type { HostDatabase } from '../../hosts/database.js'
import type { DatabaseStore } from '../../hosts/store.js'
import { StoreError } from '../../hosts/store-error.js'
import type { Zone } from '../../route53/api.js'
import { type Account, groupByZone } from '../account.js'
import { type AddressRecord, describeRecord, readRecordsIn } from '../address-records.js'
import { CommandError } from '../context.js'
import { readRowsByName } from '../database/rows-by-name.js'
import { count } from '../lists.js'
import { ok, skipped, type Verdict, warning } from './finding.js'

/** At most this many versions before the current one are read, each whole. */
const maxVersions = 20
/** At most this many hosts that are gone are looked for in Route 53; the others have been gone for longer. */
const maxNames = 10_000

/** Hosts that older versions of the database had and the current one has not. */
interface GoneHosts {
  /** Of the version that had it last, when that was written; those that went last come first. */
  readonly lastSeen: ReadonlyMap<string, Date>
  /** How many older versions were read. */
  readonly versions: number
  readonly hasMoreVersions: boolean
}

/**
 * Looks for address records that no host owns, as far as that can be known: at names that older versions of the database
 * had as hosts. What cannot be asked is skipped, as no other check needs it.
 */
export async function checkLeftovers(
  store: DatabaseStore,
  database: HostDatabase,
  account: Account,
  listed: readonly Zone[],
  zoneIds: readonly string[],
): Promise<Verdict[]> {
  try {
    const gone = await readGoneHosts(store, database)
    if (gone.versions === 0)
      return [ok('S3 keeps no older version of the database: which hosts are gone is not known')]
    const names = [...gone.lastSeen.keys()].slice(0, maxNames)
    const { zones } = groupByZone(names, listed, zoneIds)
    return verdictsOn(await readRecordsIn(account, zones), gone)
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof CommandError)) throw error
    return [skipped(`records of hosts that are gone were not looked for: ${error.message}`)]
  }
}

async function readGoneHosts(store: DatabaseStore, database: HostDatabase): Promise<GoneHosts> {
  const stored = (await store.versions(maxVersions + 2)).filter(({ isCurrent }) => !isCurrent)
  const lastSeen = new Map<string, Date>()
  const versions = stored.slice(0, maxVersions)
  for (const { id, time, isDeletion } of versions) {
    if (isDeletion) continue
    const { rows } = readRowsByName((await store.readVersion(id)).bytes)
    for (const name of rows.keys()) if (!database.has(name) && !lastSeen.has(name)) lastSeen.set(name, time)
  }
  return { lastSeen, versions: versions.length, hasMoreVersions: stored.length > versions.length }
}

function verdictsOn(
  records: readonly AddressRecord[],
  { lastSeen, versions, hasMoreVersions }: GoneHosts,
): Verdict[] {
  const left = records.filter((record) => record.kind === 'own')
  const looked = `${count(versions, 'older version')} of the database looked at, with ${count(lastSeen.size, 'host')} that the current one has not`
  const outcome = left.length === 0 ? ', and of these Route 53 holds no address record' : ''
  const unknown = hasMoreVersions ? '; still older versions were not looked at' : ''
  const more = lastSeen.size - maxNames
  return [
    ok(`${looked}${outcome}${unknown}`),
    ...left.map((record) => {
      const when = lastSeen.get(record.name)?.toISOString()
      const advice = 'if nobody uses it, delete it in the Route 53 console'
      return warning(
        `${describeRecord(record)} is in Route 53, and no host of the database: its last version with that host is of ${when}: ${advice}`,
      )
    }),
    ...(more > 0 ? [skipped(`Route 53 was not asked about ${count(more, 'more host')} of these`)] : []),
  ]
}
