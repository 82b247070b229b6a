import { readAccountConfig } from '../../config/config.js'
import { swapChanges } from '../../registrar/record.js'
import { isInvalidChangeBatch } from '../../route53/errors.js'
import { spend } from '../../route53/rate-limit.js'
import { type Account, describeFault, openAccount } from '../account.js'
import { describeRecord, type HostRecords, type OwnRecord, readAddressRecords } from '../address-records.js'
import { type CommandContext, CommandError } from '../context.js'
import { count, firstLines } from '../lists.js'

/** What is to become of the records of hosts that are removed; neither: who is at the terminal is asked. */
export interface RecordOptions {
  readonly records?: true
  readonly keepRecords?: true
  /** Whether nothing is asked. */
  readonly yes?: true
}

/** Records that shall go, each exactly as it was shown. */
export interface DoomedRecords {
  readonly account: Account
  readonly records: readonly OwnRecord[]
}

/**
 * Shows what Route 53 holds for these hosts, and finds out what of it shall go, undefined for nothing; changes nothing.
 * Throws a CommandError where records shall go and Route 53 cannot be asked, and on Ctrl-C.
 */
export async function chooseRecords(
  { env, say, ask, wait }: CommandContext,
  names: readonly string[],
  { records: isAskedFor, keepRecords, yes }: RecordOptions,
): Promise<DoomedRecords | undefined> {
  if (keepRecords) return undefined
  const { database, zoneIds } = readAccountConfig(env)
  const account = openAccount(database.aws)
  let found: HostRecords
  try {
    found = await wait('Route 53', readAddressRecords(account, names, zoneIds))
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const reason = `their records in Route 53 cannot be read: ${error.message}`
    if (isAskedFor) throw new CommandError(`nothing was removed: ${reason}; or say --keep-records`)
    say(`${reason}; they stay`)
    return undefined
  }
  const reasons = found.records.flatMap((record) => (record.kind === 'foreign' ? [record.reason] : []))
  for (const reason of firstLines([...new Set(reasons)])) say(`stays: ${reason}`)
  const records = found.records.filter((record) => record.kind === 'own')
  if (records.length === 0) return undefined
  for (const line of firstLines(records.map(describeRecord))) say(`- ${line}, in Route 53`)
  const answer = isAskedFor ?? (yes ? undefined : await ask('And its records in Route 53?'))
  if (answer) return { account, records }
  const advice =
    answer === undefined ? ', as --records was not said: delete them in the Route 53 console' : ''
  say(`${count(records.length, 'record')} in Route 53 will stay${advice}`)
  return undefined
}

/**
 * Deletes these records, each only if it is still what was shown: its DELETE names value and TTL, and Route 53 refuses it
 * otherwise. Says what became of each; throws a CommandError in the end if one could not be deleted for another reason.
 */
export async function deleteRecords(
  { say, wait }: CommandContext,
  { account, records }: DoomedRecords,
): Promise<void> {
  let failures = 0
  for (const record of records) {
    const { kind, message } = await wait('Route 53', deleteRecord(account, record))
    say(message)
    if (kind === 'failed') failures++
  }
  say(
    'a router that calls before the service has read the database, within a minute, brings its record back: dyndns53 status HOST shows it',
  )
  if (failures > 0) throw new CommandError(`${count(failures, 'record')} in Route 53 could not be deleted`)
}

type Deletion = { readonly kind: 'done' | 'changed' | 'failed'; readonly message: string }

async function deleteRecord({ route53, requests }: Account, record: OwnRecord): Promise<Deletion> {
  const { zone, name, type, held } = record
  const what = describeRecord(record)
  const changes = swapChanges(
    { name, type, target: { kind: 'absent' }, ttlSeconds: 0 },
    { held, wanted: undefined },
  )
  try {
    await spend(requests, 1, () => route53.change(zone.id, changes))
    return { kind: 'done', message: `deleted ${what} from Route 53` }
  } catch (error) {
    if (isInvalidChangeBatch(error)) {
      return {
        kind: 'changed',
        message: `${what} is not what Route 53 holds any more; what is there now stays`,
      }
    }
    const reason = describeFault(error, 'route53:ChangeResourceRecordSets')
    return { kind: 'failed', message: `${what} stays in Route 53: ${reason}` }
  }
}
