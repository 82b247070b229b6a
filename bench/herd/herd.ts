import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../test/support/postgres.js'
import type { Bench } from '../bench.js'
import { type Contender, dyndns53, plain, severalProcesses } from './contender.js'
import { requireOpenFiles } from './open-files.js'
import { heading, resultRow, verdicts } from './report.js'
import { type RunResult, runHerd } from './run.js'
import { judge, sharedName } from './targets.js'

/** Many hosts change their address at the same instant: how soon, and at what price, is the zone right? */
export const herd: Bench = {
  usage: `npm run bench -- herd     1, 500, 1,000 and 5,000 hosts change their address at the same instant
    --sizes 1,500         other numbers of hosts
    --processes 3         after each, as many processes without and with a PostgreSQL
    --denied 5,50         as many hosts more in each herd that IAM denies, after a run without any (only dyndns53)
    --no-plain            without the server that makes its calls for each request, which takes 5 minutes a size`,

  async run(args) {
    const { sizes, denied, withPlain, processes } = readOptions(args)
    requireOpenFiles(Math.max(...sizes))
    print(heading())
    const results: RunResult[] = []
    for (const size of sizes) {
      for (const contender of withPlain ? [dyndns53, plain] : [dyndns53]) {
        announce(contender, size)
        const result = await runHerd(contender, size)
        print(resultRow(result))
        results.push(result)
      }
      for (const count of denied) {
        announce(dyndns53, size)
        const result = await runHerd(dyndns53, size, count)
        print(resultRow(result))
        results.push(result)
      }
    }
    if (processes > 1) results.push(...(await runSeveral(processes, sizes)))
    print(`\n${verdicts(results)}`)
    return judge(results).every(({ isMet }) => isMet)
  },
}

async function runSeveral(processes: number, sizes: readonly number[]): Promise<RunResult[]> {
  const postgres = await startPostgres()
  const results: RunResult[] = []
  try {
    for (const size of sizes) {
      const { url } = await postgres.createDatabase()
      for (const contender of [
        severalProcesses(`${processes} processes, each alone`, processes),
        severalProcesses(sharedName(processes), processes, url),
      ]) {
        announce(contender, size)
        const result = await runHerd(contender, size)
        print(resultRow(result))
        results.push(result)
      }
    }
    return results
  } finally {
    await postgres.close()
  }
}

function readOptions(args: readonly string[]): {
  sizes: number[]
  denied: number[]
  withPlain: boolean
  processes: number
} {
  const options = {
    sizes: { type: 'string', default: '1,500,1000,5000' },
    denied: { type: 'string', default: '' },
    processes: { type: 'string', default: '1' },
    'no-plain': { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const sizes = values.sizes.split(',').map(Number)
  const isHerd = (size: number) => Number.isInteger(size) && size >= 1 && size <= 20_000
  if (!sizes.every(isHerd)) throw new Error('--sizes takes numbers from 1 to 20000 with commas between them')
  const denied = values.denied.split(',').filter(Boolean).map(Number)
  if (!denied.every((count) => isHerd(count) && sizes.every((size) => count < size)))
    throw new Error('--denied takes numbers below those of --sizes with commas between them')
  const processes = Number(values.processes)
  if (!(Number.isInteger(processes) && processes >= 1 && processes <= 10))
    throw new Error('--processes takes a number from 1 to 10')
  return { sizes, denied, withPlain: !values['no-plain'], processes }
}

/** For the person who waits; a load above the number of cores spoils the figures. */
function announce({ name }: Contender, size: number): void {
  const [load = 0] = loadavg()
  process.stderr.write(`herd: ${name}, hosts: ${size}, load of the machine before: ${load.toFixed(1)}\n`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
