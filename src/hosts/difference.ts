import type { HostDatabase } from './database.js'

/** The hosts in which two databases differ, by canonical name. */
export interface DatabaseDifference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Those whose token is another. */
  readonly changed: readonly string[]
}

/** What it takes to get from one database to the other. */
export function compareDatabases(before: HostDatabase, after: HostDatabase): DatabaseDifference {
  const changed = [...after.hostnames()].filter((name) => {
    const digest = before.digestOf(name)
    return digest !== undefined && Buffer.compare(digest, after.digestOf(name) ?? digest) !== 0
  })
  return {
    added: [...after.hostnames()].filter((name) => !before.has(name)),
    removed: [...before.hostnames()].filter((name) => !after.has(name)),
    changed,
  }
}
