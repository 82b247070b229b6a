import { authenticate, type HostDatabase } from '../hosts/database.js'
import { hostsOfChallenge } from './challenge-name.js'

/** Whether a token opens a host that a challenge at this name certifies: the name behind the prefix, or its wildcard. */
export function mayWriteChallenge(database: HostDatabase, token: string, name: string): boolean {
  return hostsOfChallenge(name).some((hostname) => authenticate(database, { hostname, token }))
}
