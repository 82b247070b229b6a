import { setTimeout as sleep } from 'node:timers/promises'
import { documentedQuotas } from '../../emulators/route53/quotas.js'
import { type Cluster, type Member, startCluster } from '../sharing/cluster.js'
import { startPostgres } from '../support/postgres.js'
import { wrongClock } from '../support/wrong-clock.js'
import { type Household, startHousehold, type Town } from './household.js'
import { createRandom } from './random.js'
import { type Scene, troubles } from './troubles.js'

/** What is to happen; the seed decides all but the moments at which things are answered. */
export interface ChaosOptions {
  readonly seed: number
  readonly hostCount: number
  /** How long troubles come. */
  readonly seconds: number
  readonly say: (line: string) => void
}

/** What came of it. */
export interface ChaosReport {
  /** Answers that were not true when they were said. */
  readonly untrue: readonly string[]
  /** Hosts that do not have in the end what they were told, or are still waiting for. */
  readonly forgotten: readonly string[]
  /** The share of the calls to Route 53 that its quota turned down, in times in which PostgreSQL was there. */
  readonly throttledShare: number
  /** How often each word was answered; `none`: no answer. */
  readonly answers: ReadonlyMap<string, number>
}

const serverCount = 3
const hourMs = 3_600_000
/** After the last trouble of PostgreSQL, all share the work again within this time. */
const recoveryMs = 20_000

/** Three servers, their clients and their troubles; resolves when all has had the time to come right. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, hostCount, say } = options
  const postgres = await startPostgres()
  const env = { DYNDNS_REQUESTS_PER_SECOND: '8', DYNDNS_CHANGES_PER_SECOND: '80' }
  const cluster = await startCluster(postgres, hostCount, env, { quotas: documentedQuotas, latencyMs: 30 })
  try {
    const members: Member[] = []
    for (let place = 0; place < serverCount; place++) members.push(await cluster.add(clockOf(place)))
    const random = createRandom(seed)
    const calm = createCalm(cluster)
    const scene: Scene = {
      cluster,
      postgres,
      members,
      random,
      async start(place) {
        members[place] = await cluster.add(clockOf(place), false)
      },
      throttled: calm.excuse,
    }
    const untrue: string[] = []
    const answers = new Map<string, number>()
    let isOver = false
    const town: Town = {
      urls: () => members.map(({ url }) => url),
      held: cluster.address,
      isDurableSince: calm.wasSince,
      isOver: () => isOver,
      untrue: (what) => {
        say(`UNTRUE: ${what}`)
        untrue.push(what)
      },
      count: (answer) => void answers.set(answer, (answers.get(answer) ?? 0) + 1),
    }
    const households = cluster.hosts.map((host, index) =>
      startHousehold(host, index, createRandom(seed * 100_003 + index), town),
    )
    await trouble(scene, calm, options)
    say('the troubles are over')
    await sleep(recoveryMs)
    isOver = true
    await Promise.all(households.map(({ over }) => over))
    const forgotten = await untilRight(cluster, households)
    return { untrue, forgotten, throttledShare: calm.throttledShare(), answers }
  } finally {
    await cluster.close()
    await postgres.close()
  }
}

/** One of them lives in another hour. */
function clockOf(place: number): Record<string, string> {
  return place === 1 ? wrongClock(hourMs) : {}
}

async function trouble(scene: Scene, calm: Calm, { seconds, say }: ChaosOptions): Promise<void> {
  const endsMs = performance.now() + seconds * 1000
  const under = new Set<Promise<void>>()
  let ofPostgres: Promise<void> | undefined
  while (performance.now() < endsMs) {
    await sleep(scene.random.between(1000, 7000))
    const next = scene.random.pick(troubles)
    // One trouble of a kind that would undo the other at a time.
    if (next.isOfPostgres && ofPostgres) continue
    if (under.size >= 2) continue
    say(next.name)
    if (next.isOfPostgres) calm.disturb()
    const happening = next.happen(scene).finally(() => {
      under.delete(happening)
      if (!next.isOfPostgres) return
      calm.settle()
      ofPostgres = undefined
    })
    under.add(happening)
    if (next.isOfPostgres) ofPostgres = happening
  }
  await Promise.all(under)
}

/** Knows when PostgreSQL was there for all, and what Route 53 turned down then. */
type Calm = ReturnType<typeof createCalm>

function createCalm({ world }: Cluster) {
  const { log } = world.route53.model
  let isDisturbed = false
  let calmSinceMs = performance.now()
  let excused = 0
  const counted = { calls: 0, throttled: 0 }
  let last = { calls: 0, throttled: 0 }
  const note = () => {
    const { reads, writes, throttled } = log.statistics()
    const now = { calls: reads + writes, throttled: throttled - excused }
    if (!isDisturbed && performance.now() > calmSinceMs) {
      counted.calls += now.calls - last.calls
      counted.throttled += now.throttled - last.throttled
    }
    last = now
  }
  const timer = setInterval(note, 250)
  timer.unref()
  return {
    /** PostgreSQL is away for somebody from now on. */
    disturb() {
      note()
      isDisturbed = true
    },
    /** It is back; they find out soon. */
    settle() {
      note()
      isDisturbed = false
      calmSinceMs = performance.now() + recoveryMs
    },
    wasSince: (sinceMs: number) => !isDisturbed && calmSinceMs < sinceMs,
    excuse(times: number) {
      excused += times
    },
    throttledShare() {
      clearInterval(timer)
      return Math.max(0, counted.throttled) / Math.max(1, counted.calls)
    },
  }
}

/** Waits until each host has what it may expect; returns those that do not after a minute. */
async function untilRight(cluster: Cluster, households: readonly Household[]): Promise<string[]> {
  const wrong = () => households.filter(({ host, expected }) => !isRight(cluster.address(host), expected))
  for (let waits = 0; waits < 60 && wrong().length > 0; waits++) await sleep(1000)
  return wrong().map(({ host, expected }) => {
    const rows = [...expected].join(' or ')
    return `${host.user} may expect ${rows}, and Route 53 holds ${cluster.address(host)}`
  })
}

/** A host that was never told anything may have nothing. */
function isRight(held: string | undefined, expected: ReadonlySet<string>): boolean {
  return expected.size === 0 || (held !== undefined && expected.has(held))
}
