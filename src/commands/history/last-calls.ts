import type { Environment } from '../../config.js'
import type { LastCall } from '../../store/history-tables.js'
import { count } from '../lists.js'
import { moment, shown, withHistory } from './open-history.js'

const dayMs = 86_400_000

/** The last call of each host that has called, by its name. Throws a CommandError. */
export async function readLastCalls(
  env: Environment,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, LastCall>> {
  const calls = await withHistory(env, (tables) => tables.lastCalls(hosts))
  return new Map(calls.map((call) => [call.host, call]))
}

/** A call in a line, and how long a host is silent, where that is more than a day. */
export function describeLastCall(call: LastCall | undefined): string {
  if (!call) return 'never'
  const { last, wanted, outcome } = call
  const days = Math.floor((Date.now() - last.getTime()) / dayMs)
  const silence = days > 0 ? `  silent for ${count(days, 'day')}` : ''
  return `${moment(last)}  ${shown(wanted)}  ${outcome}${silence}`
}
