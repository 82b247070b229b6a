import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startEmulators } from '../../emulators/emulators.js'
import type { Bench } from '../bench.js'
import { type MeasuredServer, startMeasuredServer } from '../server.js'
import { quantile } from '../statistics.js'
import { count, machine, note, print, row, tableHead, verdict } from '../table.js'
import { atOnce, type Calls, callUnchanged, type Manner, openConnection, requestOf } from './load.js'
import { hostName, hosts, paths, token } from './town.js'

/** Who is measured. */
const contenders = ['raw', 'express', 'honest', 'dyndns53'] as const
type Contender = (typeof contenders)[number]

const inWords: Readonly<Record<Contender, string>> = {
  raw: '`node:http` alone',
  express: 'bare Express',
  honest: 'Express with login, log line and security headers',
  dyndns53: 'dyndns53',
}

const manners: readonly Manner[] = ['kept alive', 'a connection a call']

/** What the service reaches at least, of the calls per second of these, and its p99 at most, of that of bare Express. */
const targets = { express: 0.75, honest: 1.1, p99: 2 }

/** How fast are calls that change nothing? */
export const nochg: Bench = {
  usage: `npm run bench -- nochg        calls that change nothing, beside node:http and Express
    --rounds 5            rounds, in each of which all take turns
    --seconds 2           length of each turn`,

  async run(args) {
    const { rounds, seconds } = readOptions(args)
    const emulators = await startEmulators({ csv: csv(), zones: ['example.com'] })
    const servers = new Map<Contender, MeasuredServer>()
    try {
      for (const contender of contenders)
        servers.set(contender, await start(contender, emulators.environment))
      print(`${machine()} ${atOnce} calls at once, ${count(hosts)} hosts, medians of ${rounds} rounds.\n`)
      return await measureAll(servers, rounds, seconds)
    } finally {
      for (const server of servers.values()) server.kill()
      await emulators.close()
    }
  },
}

async function measureAll(
  servers: ReadonlyMap<Contender, MeasuredServer>,
  rounds: number,
  seconds: number,
): Promise<boolean> {
  print(tableHead(columns, 2))
  const verdicts: [boolean, string][] = []
  for (const path of paths) {
    for (const manner of manners) {
      const results = await takeTurns(servers, path, manner, rounds, seconds)
      for (const contender of contenders) print(resultRow(`${path}, ${manner}`, contender, results))
      verdicts.push(...judge(`${path}, ${manner}`, results))
    }
  }
  print('')
  for (const [isMet, text] of verdicts) print(verdict(isMet, text))
  return verdicts.every(([isMet]) => isMet)
}

/** A turn of one contender: the calls, and the microseconds of CPU that each took. */
type Turn = Calls & { readonly cpuUs: number }

async function takeTurns(
  servers: ReadonlyMap<Contender, MeasuredServer>,
  path: string,
  manner: Manner,
  rounds: number,
  seconds: number,
): Promise<Record<Contender, Turn[]>> {
  const results: Record<Contender, Turn[]> = { raw: [], express: [], honest: [], dyndns53: [] }
  // The first round is thrown away: by then everything is compiled.
  for (let round = 0; round <= rounds; round++) {
    note(`nochg: ${path}, ${manner}, round ${round} of ${rounds}`)
    for (const [contender, server] of servers) {
      const before = await readCpuUs(server)
      const calls = await callUnchanged(server.port, path, manner, seconds)
      const cpuUs = ((await readCpuUs(server)) - before) / calls.calls
      if (round > 0) results[contender].push({ ...calls, cpuUs })
    }
  }
  return results
}

const columns = ['Calls', 'Server', 'A second', 'CPU for each', 'of bare Express', 'p99', 'of bare Express']

function resultRow(what: string, contender: Contender, results: Record<Contender, Turn[]>): string {
  const cells = [what, inWords[contender]]
  const turns = results[contender]
  return row([
    ...cells,
    count(median(turns.map(({ perSecond }) => perSecond))),
    `${count(median(turns.map(({ cpuUs }) => cpuUs)))} µs`,
    ratio(results, contender, 'express', 'cpuUs').toFixed(2),
    `${median(turns.map(({ p99Ms }) => p99Ms)).toFixed(1)} ms`,
    ratio(results, contender, 'express', 'p99Ms').toFixed(2),
  ])
}

function judge(what: string, results: Record<Contender, Turn[]>): [boolean, string][] {
  const speed = (other: 'express' | 'honest') => ratio(results, 'dyndns53', other, 'perSecond')
  const slowest = ratio(results, 'dyndns53', 'express', 'p99Ms')
  return [
    ...(['express', 'honest'] as const).map((other): [boolean, string] => [
      speed(other) >= targets[other],
      `${what}: ${speed(other).toFixed(2)} of the calls of ${inWords[other]}, at least ${targets[other]}`,
    ]),
    [slowest <= targets.p99, `${what}: ${slowest.toFixed(2)} times its p99, at most ${targets.p99}`],
  ]
}

/** The median of the ratios within each round: what else the machine does changes from round to round. */
function ratio(
  results: Record<Contender, Turn[]>,
  one: Contender,
  other: Contender,
  figure: 'perSecond' | 'p99Ms' | 'cpuUs',
): number {
  return median(
    results[one].map((turn, round) => turn[figure] / (results[other][round]?.[figure] ?? Number.NaN)),
  )
}

const median = (values: readonly number[]) => quantile(values, 0.5)

/** Loaded into each server before its own code: on each message it sends the microseconds of CPU that it has used. */
const hook = `
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send(user + system)
  })
  process.channel.unref()
`

async function readCpuUs({ child }: MeasuredServer): Promise<number> {
  child.send('cpu')
  const [us] = await once(child, 'message')
  return us
}

async function start(
  contender: Contender,
  environment: Readonly<Record<string, string>>,
): Promise<MeasuredServer> {
  const options = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`]
  if (contender !== 'dyndns53') {
    const program = new URL('./plain-servers.ts', import.meta.url)
    return startMeasuredServer({ PLAIN_SERVER: contender }, [...options, '--import', 'tsx'], program)
  }
  const settings = { DYNDNS_TRUST_PROXY: '1', DYNDNS_CHANGES_PER_SECOND: '10000' }
  const server = await startMeasuredServer({ ...environment, ...settings }, options)
  await registerAll(server.port)
  return server
}

/** Gives each host its address. */
async function registerAll(port: number): Promise<void> {
  const register = async (index: number) => {
    const { socket, ask } = await openConnection(port)
    const answer = await ask(requestOf('/register_ip', index, 'a connection a call'))
    socket.destroy()
    if (!answer.includes('\r\n\r\ngood ')) throw new Error(`a first call got ${answer}`)
  }
  await Promise.all(Array.from({ length: hosts }, (_, index) => register(index)))
}

function csv(): string {
  return Array.from({ length: hosts }, (_, index) => `${hostName(index)},${token}\n`).join('')
}

function readOptions(args: readonly string[]): { rounds: number; seconds: number } {
  const options = {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
  if (!(Number.isInteger(rounds) && rounds >= 1 && seconds > 0))
    throw new Error('--rounds takes a whole number from 1 up, --seconds a number above 0')
  return { rounds, seconds }
}
