import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from '../../emulators/route53/calls.js'
import type { Cluster, Member } from '../sharing/cluster.js'
import type { TestPostgres } from '../support/postgres.js'
import type { Random } from './random.js'

/** What troubles may touch. */
export interface Scene {
  readonly cluster: Cluster
  readonly postgres: TestPostgres
  /** The servers, each in its place; one that has ended is replaced by the next. */
  readonly members: Member[]
  readonly random: Random
  /** Starts a server in this place. */
  start(place: number): Promise<void>
  /** Route 53 was made to throttle `times` calls. */
  throttled(times: number): void
}

/** A trouble that begins, and is over when it resolves. */
export interface Trouble {
  readonly name: string
  /** Whether PostgreSQL is away for a server meanwhile. */
  readonly isOfPostgres: boolean
  happen(scene: Scene): Promise<void>
}

const isChange = ({ action }: Call) => action === 'ChangeResourceRecordSets'

async function endAndRestart(scene: Scene, signal: NodeJS.Signals): Promise<void> {
  const place = somePlace(scene)
  const { process } = scene.members[place] as Member
  process.child.kill(signal)
  await process.exited
  await sleep(scene.random.between(0, 3000))
  await scene.start(place)
}

async function withProxy({ members, random, ...scene }: Scene, how: 'stall' | 'refuse'): Promise<void> {
  const { proxy } = members[somePlace({ members, random, ...scene })] as Member
  proxy[how]()
  await sleep(random.between(2000, 18_000))
  proxy.resume()
}

function somePlace({ members, random }: Scene): number {
  return Math.floor(random.next() * members.length)
}

/** Everything that may go wrong. */
export const troubles: readonly Trouble[] = [
  { name: 'a server is killed', isOfPostgres: false, happen: (scene) => endAndRestart(scene, 'SIGKILL') },
  {
    name: 'a server is told to end',
    isOfPostgres: false,
    happen: (scene) => endAndRestart(scene, 'SIGTERM'),
  },
  {
    name: 'the server that writes is killed just when Route 53 has answered',
    isOfPostgres: false,
    async happen(scene) {
      const holder = await scene.cluster.holderOf(scene.members)
      const { log } = scene.cluster.world.route53.model
      const before = log.calls.length
      for (
        let looks = 0;
        looks < 500 && !log.calls.slice(before).some((c) => isChange(c) && c.outcome === 'ok');
        looks++
      )
        await sleep(5)
      holder.process.child.kill('SIGKILL')
      await holder.process.exited
      await scene.start(scene.members.indexOf(holder))
    },
  },
  {
    name: 'a server stands still for longer than the lease',
    isOfPostgres: false,
    async happen(scene) {
      const { child } = (scene.members[somePlace(scene)] as Member).process
      child.kill('SIGSTOP')
      await sleep(scene.random.between(16_000, 20_000))
      child.kill('SIGCONT')
    },
  },
  {
    name: 'PostgreSQL crashes',
    isOfPostgres: true,
    async happen({ postgres, random }) {
      await postgres.crash()
      await sleep(random.between(500, 14_000))
      await postgres.start()
    },
  },
  {
    name: 'all connections to PostgreSQL are cut',
    isOfPostgres: true,
    async happen({ members }) {
      for (const { proxy } of members) proxy.cut()
    },
  },
  {
    name: 'the connections of one server stall',
    isOfPostgres: true,
    happen: (scene) => withProxy(scene, 'stall'),
  },
  { name: 'one server cannot connect', isOfPostgres: true, happen: (scene) => withProxy(scene, 'refuse') },
  {
    name: 'Route 53 throttles',
    isOfPostgres: false,
    async happen({ cluster, random, throttled }) {
      const times = Math.round(random.between(3, 12))
      cluster.world.route53.inject({ kind: 'throttle', times })
      throttled(times)
    },
  },
  {
    name: 'answers of Route 53 are lost',
    isOfPostgres: false,
    async happen({ cluster, random }) {
      const kind = random.pick(['apply-then-reset', 'apply-then-stall', 'reset', 'stall'] as const)
      cluster.world.route53.inject({ kind, times: Math.round(random.between(1, 3)), on: isChange })
    },
  },
]
