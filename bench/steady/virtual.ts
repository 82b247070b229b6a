import { desired, simulate } from '../../test/registrar/simulation.js'
import { quantile } from '../statistics.js'
import { dueBetween, periodMs, type SteadyHost, steadyHosts, zoneName } from './hosts.js'
import type { Plan, Report } from './run.js'

const stepMs = 100

/** The registrar alone, against the model of Route 53 with Amazon's quota, in virtual time: what bounds it but the machine? */
export async function runVirtually(plan: Plan): Promise<Report> {
  const hosts = steadyHosts(plan.hosts)
  const world = simulate(() => 'none', {
    requestQuota: { burst: 50, perSecond: 10 },
    changeQuota: { burst: 1500, perSecond: 100 },
  })
  const records = hosts.map(({ name, address }) => ({ name, type: 'A', ttl: 60, values: [address] }))
  world.model.addZone({ name: zoneName, records })
  const sorted = [...hosts].sort((a, b) => a.callsAtMs - b.callsAtMs)
  const waits: number[] = []
  let turnedAway = 0
  const call = ({ name, address }: SteadyHost) => {
    const startedMs = world.clock.now()
    const record = { ...desired(name, 1), target: { kind: 'address', address } as const }
    void world.register(record).then(({ kind }) => {
      if (kind === 'unavailable') turnedAway++
      else waits.push(world.clock.now() - startedMs)
    })
  }
  const drive = async (seconds: number) => {
    const untilMs = world.clock.now() + seconds * 1000
    while (world.clock.now() < untilMs) {
      const fromMs = world.clock.now() % periodMs
      for (const host of dueBetween(sorted, fromMs, fromMs + stepMs)) call(host)
      await world.clock.advance(stepMs)
    }
  }
  await drive(plan.warmSeconds)
  const cold = { turnedAway, calls: turnedAway + waits.length }
  waits.length = 0
  turnedAway = 0
  world.model.log.clear()
  await drive(plan.seconds)
  const calls = world.model.log.calls.length / plan.seconds
  return {
    rows: [
      ['Hosts, in virtual time', plan.hosts.toLocaleString('en')],
      [`First ${plan.warmSeconds} s, from a cold start: told 911`, `${cold.turnedAway} of ${cold.calls}`],
      [
        'Unchanged calls once warm: p50, p99, longest',
        [0.5, 0.99, 1].map((q) => `${Math.round(quantile(waits, q))} ms`).join(', '),
      ],
      ['Told to come back', `${turnedAway} of ${turnedAway + waits.length}`],
      ['Calls to Route 53 in a second', calls.toFixed(1)],
      ['A round of the sweep at half of the quota', `${Math.ceil(plan.hosts / 300 / 5)} s`],
      [
        'Memory of this process, the model included',
        `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
      ],
    ],
    targets: [
      { text: 'nobody told to come back once warm', isMet: turnedAway === 0 },
      { text: 'at most 6 calls to Route 53 in a second', isMet: calls <= 6 },
    ],
  }
}
