import { dyndns53 } from './contender.js'
import type { RunResult } from './run.js'

/** A promise of the service, and whether a run kept it. */
export interface TargetResult {
  readonly text: string
  readonly isMet: boolean
}

/** What the account's quota of changes takes at the least for a new address of each host, two changes each, after a rest. */
export function floorMs(hosts: number): number {
  return Math.max(0, (2 * hosts - 1500) / 100) * 1000
}

/** What several processes with a PostgreSQL are called. */
export function sharedName(processes: number): string {
  return `${processes} processes with PostgreSQL`
}

/** The targets that these runs can be judged by; other servers have none. */
export function judge(results: readonly RunResult[]): TargetResult[] {
  const judged = results.filter(({ server }) => server === dyndns53.name || server.endsWith('PostgreSQL'))
  return [...judged.flatMap(judgeRun), ...results.flatMap(judgeEnds)]
}

/** Whatever it is compared with, a server whose processes end by themselves was not measured. */
function judgeEnds({ server, hosts, ended }: RunResult): TargetResult[] {
  return ended.map((how) => ({ text: `${server}, ${hosts} hosts: ${how}`, isMet: false }))
}

function judgeRun(result: RunResult): TargetResult[] {
  const {
    server,
    hosts,
    goodAtFirstTry,
    allHeardMs = Infinity,
    zoneRightMs = Infinity,
    right,
    untrue,
  } = result
  const target = (text: string, isMet: boolean) => ({
    text: `${server}, ${hosts === 1 ? '1 host' : `${hosts} hosts`}: ${text}`,
    isMet,
  })
  if (result.denied > 0) {
    const what = `with ${result.denied} denied beside them: all right within a minute, no answer untrue`
    return [target(what, right === hosts && untrue === 0 && zoneRightMs <= 60_000)]
  }
  const targets = [target('nothing lost, no answer untrue', right === hosts && untrue === 0)]
  if (hosts === 500) {
    targets.push(target('all `good` at first try within 3 s', goodAtFirstTry === hosts && allHeardMs <= 3000))
  }
  if (hosts === 5000) {
    const factor = server === dyndns53.name ? 1.15 : 1.2
    const limitMs = Math.round(factor * floorMs(hosts))
    const limit = `${limitMs / 1000} s, ${factor} times the quota's floor`
    targets.push(target(`the zone right within ${limit}`, zoneRightMs <= limitMs))
    targets.push(target('under 5 % of calls throttled', throttledShare(result) < 0.05))
  }
  return targets
}

/** The share of calls that were throttled, from 0 to 1. */
export function throttledShare({ calls: { reads, writes, throttled } }: RunResult): number {
  return throttled / Math.max(1, reads + writes)
}
