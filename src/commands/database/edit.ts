import type { HostRow } from '../../hosts/csv.js'
import { type CommandContext, CommandError } from '../context.js'
import { changeDatabase } from './change.js'
import { describeMissing, readRowsByName, sayBadLines } from './rows-by-name.js'

/** The database as an edit finds it; empty where there is none yet. */
export interface CurrentHosts {
  readonly bytes: Uint8Array
  readonly rows: ReadonlyMap<string, HostRow>
  /** For a person: where the database is. */
  readonly place: string
  /** Whether the edit was tried before, and may be in these rows already. */
  readonly isRetry: boolean
}

/** Makes new bytes of a database. Throws a CommandError where that cannot be. */
export type HostEdit = (current: CurrentHosts) => Uint8Array | Promise<Uint8Array>

/** So many owners may be faster, one after the other. */
const tries = 10

/**
 * Edits the hosts in S3; returns where they are. Throws a StoreError, and a CommandError for a database without a host,
 * unless that `mayBeEmpty` or missing.
 */
export async function editHosts(
  { openStore, say }: CommandContext,
  edit: HostEdit,
  { mayBeEmpty = false } = {},
): Promise<string> {
  const store = openStore()
  const { place } = store
  let left = 0
  await changeDatabase(store, tries, (stored, isRetry) => {
    const bytes = stored?.bytes ?? new Uint8Array()
    const { rows, badLines } = readRowsByName(bytes)
    if (rows.size === 0) refuseEmpty(place, badLines, mayBeEmpty)
    left = badLines
    return edit({ bytes, rows, place, isRetry })
  })
  sayBadLines(say, place, left)
  return place
}

/** What has bad lines and no host may be something else, and is not to be spoiled. */
function refuseEmpty(place: string, badLines: number, mayBeEmpty: boolean): void {
  const check = 'check DYNDNS_BUCKET and DYNDNS_DATABASE'
  if (badLines > 0)
    throw new CommandError(`${place} has bad lines and no host, and was not touched: ${check}`)
  if (!mayBeEmpty) throw new CommandError(`${place} has no host: ${check}, or begin with add-host`)
}

/** Throws a CommandError that names those of these hosts which are not there. */
export function refuseMissing({ rows, place }: CurrentHosts, names: readonly string[]): void {
  const missing = names.filter((name) => !rows.has(name))
  if (missing.length > 0) throw new CommandError(`nothing was changed: ${describeMissing(place, missing)}`)
}
