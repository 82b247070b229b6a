import { authenticate, type ParsedDatabase, parseDatabase } from '../../src/hosts/database.js'

export const home = 'home.example.com'
export const cabin = 'cabin.example.com'

/** What a CSV says, given as text or as bytes. */
export function read(csv: string | Uint8Array): ParsedDatabase {
  return parseDatabase(typeof csv === 'string' ? Buffer.from(csv) : csv)
}

/** Whether each host may log in with its token. */
export function logins(
  { database }: ParsedDatabase,
  pairs: readonly (readonly [string, string])[],
): boolean[] {
  return pairs.map(([hostname, token]) => authenticate(database, { hostname, token }))
}
