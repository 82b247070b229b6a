import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseStore, StoredDatabase } from '../../hosts/store.js'
import { StoreError } from '../../hosts/store-error.js'
import { type CommandContext, CommandError } from '../context.js'

/**
 * What to make of the database that is there, undefined for none yet: its new bytes, or undefined to leave it alone.
 * `isRetry` on the second and later calls, when the change may have been made by the call before, unseen.
 */
export type Edit = (
  stored: StoredDatabase | undefined,
  isRetry: boolean,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>

/** The longest wait before a database that somebody else has changed is read again. */
const longestPauseMs = 200

/**
 * Reads the database, edits it, and writes it unless somebody else was faster; then does all of it again, `tries` times
 * in all. Returns the ETag of what is there in the end, undefined if the edit left it alone. Throws a StoreError, and a
 * CommandError where it is unknown what is there.
 */
export async function changeDatabase(
  store: DatabaseStore,
  tries: number,
  edit: Edit,
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
    await sleep(Math.random() * longestPauseMs)
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

/** The first lines of a list that may be long, and how many more there are. */
export function summedUp(lines: readonly string[], longest = 20): string[] {
  if (lines.length <= longest) return [...lines]
  return [...lines.slice(0, longest), `… and ${lines.length - longest} more`]
}
