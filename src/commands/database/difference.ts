import { compareDatabases, type HostDatabase } from '../../hosts/database.js'
import { firstLines } from '../lists.js'

/** In which hosts two databases differ, a line each, and how many would vanish: those stand last. */
export function describeDifference(
  before: HostDatabase,
  after: HostDatabase,
): { readonly lines: readonly string[]; readonly vanishing: number } {
  const { added, changed, removed } = compareDatabases(before, after)
  const lines = [
    ...firstLines(added.map((name) => `+ ${name}`)),
    ...firstLines(changed.map((name) => `~ ${name} (token changed)`)),
    ...firstLines(removed.map((name) => `- ${name}`)),
  ]
  return { lines: lines.length > 0 ? lines : ['the hosts are the same'], vanishing: removed.length }
}
