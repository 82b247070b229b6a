import { cpus, platform } from 'node:os'
import { limitMs, type RunResult } from './run.js'
import { floorMs, judge, throttledShare } from './targets.js'

const columns = [
  'Hosts',
  'Denied beside them',
  'Server',
  '`good` at first try',
  'All have heard',
  'Zone right',
  "Quota's floor",
  'Reads',
  'Writes',
  'Throttled',
  'Memory',
  'Untrue answers',
]

/** The heading of the Markdown table, on what it was measured included. */
export function heading(): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()})`
  return [
    `Node ${process.versions.node}, ${platform()}, ${machine}; server, modems and emulated Route 53 share them.`,
    '',
    row(columns),
    row(columns.map((_, index) => (index === 2 ? '---' : '---:'))),
  ].join('\n')
}

/** A run as a row of the table. */
export function resultRow(result: RunResult): string {
  const { hosts, denied, calls } = result
  return row([
    count(hosts),
    count(denied),
    result.server,
    count(result.goodAtFirstTry),
    timeOrProgress(result.allHeardMs, result.heard, hosts),
    timeOrProgress(result.zoneRightMs, result.right, hosts),
    seconds(floorMs(hosts)),
    count(calls.reads),
    count(calls.writes),
    `${(100 * throttledShare(result)).toFixed(1)} %`,
    `${Math.round(result.memoryBytes / 2 ** 20)} MiB`,
    count(result.untrue),
  ])
}

/** A line for each target that these results can be judged by. */
export function verdicts(results: readonly RunResult[]): string {
  return judge(results)
    .map(({ text, isMet }) => `- ${isMet ? 'met' : '**missed**'}: ${text}`)
    .join('\n')
}

function timeOrProgress(ms: number | undefined, done: number, all: number): string {
  return ms === undefined ? `${count(done)} of ${count(all)} in ${limitMs / 1000} s` : seconds(ms)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

function count(value: number): string {
  return value.toLocaleString('en')
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
