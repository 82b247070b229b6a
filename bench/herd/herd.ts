import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { Bench } from '../bench.js'
import { type Contender, dyndns53, plain } from './contender.js'
import { requireOpenFiles } from './open-files.js'
import { heading, resultRow, verdicts } from './report.js'
import { type RunResult, runHerd } from './run.js'
import { judge } from './targets.js'

/** Many hosts change their address at the same instant: how soon, and at what price, is the zone right? */
export const herd: Bench = {
  usage: `npm run bench -- herd     1, 500, 1,000 and 5,000 hosts change their address at the same instant
    --sizes 1,500         other numbers of hosts
    --denied 5,50         as many hosts more in each herd that IAM denies, after a run without any (only dyndns53)
    --no-plain            without the server that makes its calls for each request, which takes 5 minutes a size`,

  async run(args) {
    const { sizes, denied, withPlain } = readOptions(args)
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
    print(`\n${verdicts(results)}`)
    return judge(results).every(({ isMet }) => isMet)
  },
}

function readOptions(args: readonly string[]): { sizes: number[]; denied: number[]; withPlain: boolean } {
  const options = {
    sizes: { type: 'string', default: '1,500,1000,5000' },
    denied: { type: 'string', default: '' },
    'no-plain': { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const sizes = values.sizes.split(',').map(Number)
  const isHerd = (size: number) => Number.isInteger(size) && size >= 1 && size <= 20_000
  if (!sizes.every(isHerd)) throw new Error('--sizes takes numbers from 1 to 20000 with commas between them')
  const denied = values.denied.split(',').filter(Boolean).map(Number)
  if (!denied.every((count) => isHerd(count) && sizes.every((size) => count < size)))
    throw new Error('--denied takes numbers below those of --sizes with commas between them')
  return { sizes, denied, withPlain: !values['no-plain'] }
}

/** For the person who waits; a load above the number of cores spoils the figures. */
function announce({ name }: Contender, size: number): void {
  const [load = 0] = loadavg()
  process.stderr.write(`herd: ${name}, hosts: ${size}, load of the machine before: ${load.toFixed(1)}\n`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
