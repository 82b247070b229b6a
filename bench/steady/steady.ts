import { parseArgs } from 'node:util'
import type { Bench } from '../bench.js'
import { type Plan, runSteady } from './run.js'
import { runVirtually } from './virtual.js'

/** Every host calls each 5 minutes, and hardly anything changes: how long does a call take, and what does that cost of Route 53? */
export const steady: Bench = {
  usage: `npm run bench -- steady   5,000 hosts that call every 5 minutes: an hour's changes, an outside hand, and a town at once
    --hosts 50000         another number of hosts, up to 100,000
    --warm 90             seconds of traffic before the measurement
    --seconds 240         seconds of the measurement; below 200 the outside hand is left out
    --processes 3         processes that share a PostgreSQL, called in turn
    --virtual             without sockets, in virtual time, against the model of Route 53: up to 1,000,000 hosts`,

  async run(args) {
    const { plan, isVirtual } = readOptions(args)
    const { rows, targets } = isVirtual ? await runVirtually(plan) : await runSteady(plan)
    for (const [what, figure] of rows) process.stdout.write(`| ${what} | ${figure} |\n`)
    for (const { text, isMet } of targets)
      process.stdout.write(`- ${isMet ? 'met' : '**missed**'}: ${text}\n`)
    return targets.every(({ isMet }) => isMet)
  },
}

function readOptions(args: readonly string[]): { plan: Plan; isVirtual: boolean } {
  const options = {
    hosts: { type: 'string', default: '5000' },
    warm: { type: 'string', default: '90' },
    seconds: { type: 'string', default: '240' },
    processes: { type: 'string', default: '1' },
    virtual: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const plan = {
    hosts: Number(values.hosts),
    warmSeconds: Number(values.warm),
    seconds: Number(values.seconds),
    processes: Number(values.processes),
  }
  const most = values.virtual ? 1_000_000 : 100_000
  const isValid = Object.values(plan).every((value) => Number.isInteger(value) && value >= 1)
  if (!isValid || plan.hosts > most)
    throw new Error(`--hosts takes 1 to ${most}; --warm and --seconds whole seconds; --processes 1 to 10`)
  if (plan.processes > (values.virtual ? 1 : 10))
    throw new Error('--processes takes 1 to 10, and none with --virtual')
  return { plan, isVirtual: values.virtual }
}
