import { setTimeout as sleep } from 'node:timers/promises'
import type { HostRow } from '../../hosts/csv.js'
import type { DatabaseStore, StoredDatabase } from '../../hosts/store.js'
import { StoreError } from '../../hosts/store-error.js'
import { type CommandContext, CommandError } from '../context.js'
import { describeMissing, readRowsByName, sayBadLines } from './rows-by-name.js'

/**
 * What to make of the database that is there, undefined for none yet: its new bytes, or undefined to leave it alone.
 * `isRetry` on the second and later calls, when the change may have been made by the call before, unseen.
 */
export type DatabaseEdit = (
  stored: StoredDatabase | undefined,
  isRetry: boolean,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>

/** At most this long, by chance, before a database that somebody else has changed is read again. */
const longestRetryPauseMs = 200

/**
 * Reads the database, edits it, and writes it; where somebody else was faster, does all of it again, at most `tries` times
 * in all. Returns the ETag of what is there in the end, undefined if the edit left it alone. Throws a StoreError, and a
 * CommandError where it is unknown what is there.
 */
export async function changeDatabase(
  store: DatabaseStore,
  tries: number,
  edit: DatabaseEdit,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const stored = await store.readIfPresent()
    const bytes = await edit(stored, attempt > 1)
    if (!bytes) return undefined
    if (stored && Buffer.compare(bytes, stored.bytes) === 0) return stored.etag
    try {
      return await store.write(bytes, stored?.etag)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (error.kind === 'unknown') {
        throw new CommandError(
          `${error.message}: run the command again later, it looks at what is there then`,
        )
      }
      if (error.kind !== 'conflict' || attempt >= tries) throw error
    }
    await sleep(Math.random() * longestRetryPauseMs)
  }
}

/** Goes on only with a yes to what `would` happen; throws a CommandError without one, and where there is nobody to ask. */
export async function approve({ ask }: CommandContext, would: string): Promise<void> {
  const answer = await ask(`${would}. Go on?`)
  if (answer === undefined) {
    throw new CommandError(
      `nothing was written: ${would}, and there is no terminal to ask at; say --yes to go on`,
    )
  }
  if (!answer) throw new CommandError('nothing was written')
}

/** The database as an edit finds it; empty where there is none yet. */
export interface CurrentHosts {
  readonly bytes: Uint8Array
  /** By canonical name, each as the line has it that counts. */
  readonly rows: ReadonlyMap<string, HostRow>
  /** For a person: where the database is. */
  readonly place: string
  /** Whether the edit was tried before, and may be in these rows already. */
  readonly isRetry: boolean
}

/** Makes new bytes of a database. Throws a CommandError where that cannot be. */
export type HostEdit = (current: CurrentHosts) => Uint8Array | Promise<Uint8Array>

/** At most this many times a host edit is tried: each time but the last, somebody else was faster. */
const hostEditTries = 10

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
  await changeDatabase(store, hostEditTries, (stored, isRetry) => {
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
