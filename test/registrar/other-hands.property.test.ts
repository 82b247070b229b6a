import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeTarget, type UpdateOutcome } from '../../src/registrar/record.js'
import { propertyRuns } from '../support/property-runs.js'
import { type Mishap, mishaps } from './simulated-route53.js'
import { createVirtualRoute53, desired, simulate } from './simulation.js'

/**
 * Two processes of the service write to one zone, and somebody with a console edits its records, between any two steps of
 * theirs. Nobody tells the other.
 */

const hosts = ['a', 'b', 'c', 'd'].map((label) => `${label}.example.com`)
const host = fc.constantFrom('a.example.com', 'a.example.com', ...hosts)

type Step =
  | { kind: 'register'; process: number; host: string; number: number }
  | { kind: 'wait'; ms: number }
  /** Enough calls at once that the zone is swept from then on, for a while. */
  | { kind: 'rush'; process: number; host: string; number: number }
  | { kind: 'edit'; host: string; to: 'address' | 'several' | 'CNAME' | 'alias' | 'nothing' | 'another TTL' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('register' as const),
      process: fc.nat(1),
      host,
      number: fc.constantFrom(0, 1, 1, 2, 2),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rush' as const),
      process: fc.nat(1),
      host,
      number: fc.constantFrom(0, 1, 2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      // A cycle reads and writes within 100 ms each: the edits fall between the two.
      ms: fc.constantFrom(0, 50, 100, 150, 250, 1000, 9000, 40_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      host,
      to: fc.constantFrom('address', 'several', 'CNAME', 'alias', 'nothing', 'another TTL'),
    }),
  },
)

const manyMishaps = fc.array(fc.constantFrom<Mishap>('none', 'none', 'none', ...mishaps), { maxLength: 12 })

/** The zone under two services and a console, and the judge of what is said and done. */
function open(plan: readonly Mishap[], recheckMs: number, recheckMaxMs: number) {
  const left = [...plan]
  const route53 = createVirtualRoute53()
  const { clock, model } = route53
  const zone = model.addZone({ name: 'example.com' })
  // What is remembered may be as old as this; 0: always ask.
  const memoryMs = recheckMs === 0 ? 0 : Math.max(recheckMs, recheckMaxMs)
  const services = [0, 1].map(() =>
    simulate(() => left.shift() ?? 'none', { recheckMs, recheckMaxMs }, route53),
  )
  /** What somebody else has put there and only they may take away: the whole name, as JSON. */
  const foreign = new Map<string, string>()
  /** The address at each name (undefined: none, or no simple record) and since when, newest last. */
  const history = new Map<string, { atMs: number; address: string | undefined }[]>()
  const lies: string[] = []
  let pending = 0

  const at = (name: string) => JSON.stringify(zone.table.at(`${name}.`))
  const heldNow = (name: string) => {
    const [set, ...more] = zone.get(name, 'A')
    return more.length === 0 && set?.values.length === 1 ? set.values[0] : undefined
  }
  function look(): void {
    for (const name of hosts) {
      const seen = history.get(name) ?? []
      const address = heldNow(name)
      if (seen.length === 0 || seen.at(-1)?.address !== address) seen.push({ atMs: clock.now(), address })
      history.set(name, seen)
      const put = foreign.get(name)
      if (put !== undefined && put !== at(name)) lies.push(`${name}: ${put} became ${at(name)}`)
    }
  }
  function wasHeld(name: string, address: string | undefined, sinceMs: number): boolean {
    const seen = history.get(name) ?? []
    return seen.some((entry, index) => {
      const untilMs = seen[index + 1]?.atMs ?? Number.POSITIVE_INFINITY
      return entry.address === address && untilMs >= sinceMs
    })
  }

  const beginChange = model.beginChange.bind(model)
  model.beginChange = (...change) => {
    const { apply, abandon } = beginChange(...change)
    const applyAndLook = () => {
      const info = apply()
      look()
      return info
    }
    return { apply: applyAndLook, abandon }
  }

  return {
    clock,
    zone,
    lies,
    endMishaps: () => void left.splice(0),
    pending: () => pending,
    look,
    register(process: number, name: string, number: number): Promise<UpdateOutcome> | undefined {
      const record = desired(name, number)
      const address = number === 0 ? undefined : describeTarget(record.target)
      const answer = services[process]?.register(record)
      pending++
      void answer?.then((outcome) => {
        pending--
        look()
        const isTrue =
          outcome.kind === 'good'
            ? outcome.address === address && heldNow(name) === address && !foreign.has(name)
            : outcome.kind !== 'nochg' ||
              (outcome.address === address && wasHeld(name, address, clock.now() - memoryMs))
        if (!isTrue)
          lies.push(`${name} asked for ${address}, was told ${JSON.stringify(outcome)} of ${at(name)}`)
      })
      return answer
    },
    edit(name: string, to: string): void {
      for (const type of ['A', 'AAAA', 'CNAME']) zone.remove(name, type)
      foreign.delete(name)
      const set = { name, type: 'A', ttl: 60 }
      if (to === 'address') zone.put({ ...set, values: ['198.51.100.9'] })
      if (to === 'another TTL') zone.put({ ...set, ttl: 61, values: ['203.0.0.1'] })
      if (to === 'several') zone.put({ ...set, values: ['203.0.0.1', '203.0.0.2'] })
      if (to === 'CNAME') zone.put({ ...set, type: 'CNAME', values: ['x.example.net.'] })
      const aliasTarget = { hostedZoneId: 'Z2', dnsName: 'lb.example.net', evaluateTargetHealth: false }
      if (to === 'alias') zone.put({ name, type: 'A', aliasTarget })
      if (['several', 'CNAME', 'alias'].includes(to)) foreign.set(name, at(name))
      look()
    },
    isForeign: (name: string) => foreign.has(name),
    heldNow,
  }
}

it('tells nothing but the truth beside a second writer and an outside hand, and overwrites neither', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      manyMishaps,
      fc.constantFrom(0, 30_000),
      fc.constantFrom(31_000, 120_000),
      async (steps, plan, recheckMs, recheckMaxMs) => {
        const world = open(plan, recheckMs, recheckMaxMs)
        for (const action of steps) {
          if (action.kind === 'wait') await world.clock.advance(action.ms)
          else if (action.kind === 'edit') world.edit(action.host, action.to)
          else {
            const calls = action.kind === 'rush' ? 30 : 1
            for (let call = 0; call < calls; call++)
              void world.register(action.process, action.host, action.number)
          }
          world.look()
        }
        await world.clock.advance(10 * 60_000)
        world.look()
        expect(world.pending()).toBe(0)

        world.endMishaps()
        // Whatever is there now, the next call of a host is written or refused, and truly.
        for (const name of hosts) {
          const answer = world.register(0, name, 7)
          await world.clock.advance(60_000)
          const outcome = await answer
          if (world.isForeign(name)) expect([name, outcome?.kind]).toEqual([name, 'refused'])
          else expect([name, outcome?.kind, world.heldNow(name)]).toEqual([name, 'good', '203.0.0.7'])
        }
        await world.clock.advance(10 * 60_000)
        world.look()
        expect(world.lies).toEqual([])
      },
    ),
    { numRuns: propertyRuns(300) },
  )
})
