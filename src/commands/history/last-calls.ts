import type { LastCall } from '../../store/history-tables.js'
import type { CommandContext } from '../context.js'
import { count } from '../lists.js'
import { moment, shown, withHistory } from './open-history.js'

const dayMs = 86_400_000

/** The last call of each host of which one is kept, by its name. Throws a CommandError. */
export async function readLastCalls(
  context: CommandContext,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, LastCall>> {
  const calls = await withHistory(context, (tables) => tables.lastCalls(hosts))
  return new Map(calls.map((call) => [call.host, call]))
}

/** A call in a line, and how long a host is silent, where that is more than a day; earlier calls than are kept are not known. */
export function describeLastCall(call: LastCall | undefined): string {
  if (!call) return 'none known'
  const { last, wanted, outcome } = call
  const days = Math.floor((Date.now() - last.getTime()) / dayMs)
  const silence = days > 0 ? `  silent for ${count(days, 'day')}` : ''
  return `${moment(last)}  ${shown(wanted)}  ${outcome}${silence}`
}
