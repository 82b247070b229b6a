import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startEmulators } from '../../emulators/emulators.js'
import type { Route53Emulator } from '../../emulators/route53/server.js'
import type { Bench } from '../bench.js'
import { startMeasuredServer } from '../server.js'
import { machine, note, print } from '../table.js'
import type { FloodOrder } from './flooder.js'
import { honestHosts, honestToken } from './honest.js'
import { startHousehold } from './household.js'
import { judgement, latencyTable, type PhaseResult, phases } from './report.js'

/** How long each call to the emulated Route 53 takes, in milliseconds. */
const route53LatencyMs = 100

/** A flood of wrong logins at full speed: what does an honest registration notice? */
export const flood: Bench = {
  usage: `npm run bench -- flood        wrong logins at full speed: latency of honest registrations, quiet and flooded in turn
    --rounds 4            turns of all phases
    --seconds 10          length of each phase of a turn
    --connections 500     connections that make the flood`,

  async run(args) {
    const { rounds, seconds, connections } = readOptions(args)
    const names = Array.from({ length: honestHosts }, (_, host) => `honest-${host}.example.com`)
    const emulators = await startEmulators({
      csv: names.map((name) => `${name},${honestToken}\n`).join(''),
      route53: { latencyMs: route53LatencyMs },
      zones: ['example.com'],
    })
    // As on Heroku; what was read is soon old, as it is for hosts that call every few minutes.
    const settings = { DYNO: 'web.1', DYNDNS_RECHECK_SECONDS: '2' }
    const server = await startMeasuredServer({ ...emulators.environment, ...settings })
    const flooder = startFlooder(server.port, connections)
    try {
      const results = await measure(server.port, flooder, emulators.route53, {
        rounds,
        phaseMs: seconds * 1000,
      })
      const load = `Server, flood (${connections} connections) and all else share them`
      print(`${machine()} ${load}; Route 53 takes ${route53LatencyMs} ms a call.\n`)
      print(latencyTable(results, rounds * seconds))
      const { isMet, text } = judgement(results)
      print(text)
      return isMet
    } finally {
      flooder.kill('SIGKILL')
      server.kill()
      await emulators.close()
    }
  },
}

/** All phases in turn, several times, so that whatever else the machine does meets each of them. */
async function measure(
  port: number,
  flooder: ChildProcess,
  { model }: Route53Emulator,
  { rounds, phaseMs }: { rounds: number; phaseMs: number },
): Promise<PhaseResult[]> {
  const results = phases.map((phase): PhaseResult => {
    return { phase, latencies: { changed: [], same: [], again: [] }, answers: 0, calls: 0 }
  })
  const household = await startHousehold(port)
  const order = (text: FloodOrder) => flooder.send(text)
  for (let round = 0; round < rounds; round++) {
    for (const result of results) {
      note(`flood: turn ${round + 1} of ${rounds}, ${result.phase}`)
      model.log.clear()
      if (result.phase !== 'quiet') order(result.phase)
      await household.registerFor(phaseMs, result.latencies)
      order('stop')
      const [answers] = await once(flooder, 'message')
      result.answers += answers
      result.calls += model.log.calls.length
      await sleep(500)
    }
  }
  return results
}

function startFlooder(port: number, connections: number): ChildProcess {
  const program = fileURLToPath(new URL('./flooder.ts', import.meta.url))
  const child = fork(program, [String(port), String(connections)], { execArgv: ['--import', 'tsx'] })
  process.once('exit', () => child.kill('SIGKILL'))
  return child
}

function readOptions(args: readonly string[]): { rounds: number; seconds: number; connections: number } {
  const options = {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '500' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const rounds = Number(values.rounds)
  const seconds = Number(values.seconds)
  const connections = Number(values.connections)
  const areRight = [rounds, seconds, connections].every((value) => value >= 1)
  if (!areRight) throw new Error('--rounds, --seconds and --connections take numbers from 1 up')
  return { rounds, seconds, connections }
}
