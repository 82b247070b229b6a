import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeTarget, type UpdateOutcome } from '../../src/registrar/record.js'
import { propertyRuns } from '../support/property-runs.js'
import { type Mishap, mishaps } from './simulated-route53.js'
import { desired, type Simulation, simulate } from './simulation.js'

const ours = ['a', 'b', 'c', '*.w', 'a.sub', 'b.sub'].map((label) => `${label}.example.com`)
const foreign = ['cname', 'alias', 'weighted', 'several', 'protected'].map((label) => `${label}.example.com`)

type Step =
  | { kind: 'register'; host: string; number: number; type: 'A' | 'AAAA' }
  | { kind: 'wait'; ms: number }
  /** Another tool's change is in flight. */
  | { kind: 'hold'; zone: number; ms: number }
  /** A zone goes, and comes back with the same records under another id. */
  | { kind: 'recreate'; zone: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('register' as const),
      // Mostly the same record and two addresses, so that requests meet.
      host: fc.oneof(
        { weight: 3, arbitrary: fc.constant('a.example.com') },
        { weight: 1, arbitrary: fc.constantFrom(...ours, ...foreign) },
      ),
      /** 0: no record at all. */
      number: fc.constantFrom(0, 1, 1, 1, 2, 2, 2),
      type: fc.oneof(
        { weight: 4, arbitrary: fc.constant('A' as const) },
        { weight: 1, arbitrary: fc.constant('AAAA' as const) },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 50, 150, 1000, 9000, 40_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hold' as const),
      zone: fc.nat(1),
      ms: fc.constantFrom(200, 3000, 15_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('recreate' as const), zone: fc.nat(1) }) },
)

const manyMishaps = fc.array(fc.constantFrom<Mishap>('none', 'none', ...mishaps), { maxLength: 20 })

function populate({ model }: Simulation): void {
  const zone = model.addZone({ name: 'example.com' })
  model.addZone({ name: 'sub.example.com' })
  const target = { hostedZoneId: 'Z2', dnsName: 'lb.example.net', evaluateTargetHealth: false }
  zone.put({ name: 'cname.example.com', type: 'CNAME', ttl: 60, values: ['x.example.net.'] })
  zone.put({ name: 'alias.example.com', type: 'A', aliasTarget: target })
  zone.put({ name: 'alias.example.com', type: 'AAAA', aliasTarget: target })
  for (const type of ['A', 'AAAA'] as const) {
    const values = [
      describeTarget(desired('', 100, type).target),
      describeTarget(desired('', 101, type).target),
    ]
    zone.put({ name: 'weighted.example.com', type, ttl: 60, values, setIdentifier: 'blue', weight: 1 })
    zone.put({ name: 'several.example.com', type, ttl: 60, values })
    zone.put({ name: 'protected.example.com', type, ttl: 60, values: values.slice(0, 1) })
  }
  protect(zone)
}

function protect(zone: ReturnType<Simulation['model']['zone']>): void {
  for (const type of ['A', 'AAAA']) zone.protect('protected.example.com', type)
}

function zoneAt({ model }: Simulation, index: number) {
  const zone = model.zones().find(({ name }) => name === (index === 0 ? 'example.com.' : 'sub.example.com.'))
  if (!zone) throw new Error('both zones are always there')
  return zone
}

function foreignRecords(world: Simulation): string {
  const zone = zoneAt(world, 0)
  return JSON.stringify(foreign.map((name) => ['A', 'AAAA', 'CNAME'].map((type) => zone.get(name, type))))
}

function recreate(world: Simulation, index: number): void {
  const { id, name } = zoneAt(world, index)
  const records = zoneAt(world, index).records()
  world.model.deleteZone(id)
  const next = world.model.addZone({ name, records })
  if (index === 0) protect(next)
}

it('tells nothing but the truth and ends right, whatever goes wrong in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      manyMishaps,
      fc.constantFrom(0, 30_000),
      async (steps, plan, recheckMs) => {
        const left = [...plan]
        const world = simulate(() => left.shift() ?? 'none', { recheckMs })
        populate(world)
        const before = foreignRecords(world)
        const wanted = new Map<string, string | undefined>()
        const isFree = ({ name }: { name: string }) => ours.includes(name)
        const lies: string[] = []
        const open = new Set<Promise<UpdateOutcome>>()

        for (const action of steps) {
          if (action.kind === 'wait') await world.clock.advance(action.ms)
          else if (action.kind === 'recreate') recreate(world, action.zone)
          else if (action.kind === 'hold') world.model.hold(zoneAt(world, action.zone).id, action.ms)
          else {
            const record = desired(action.host, action.number, action.type)
            const address = action.number === 0 ? undefined : describeTarget(record.target)
            wanted.set(`${record.name} ${record.type}`, address)
            const answer = world.register(record)
            open.add(answer)
            void answer.then((outcome) => {
              open.delete(answer)
              const held = world.held(record.name, record.type)
              const isTrue =
                outcome.kind === 'good' || outcome.kind === 'nochg'
                  ? outcome.address === address && held === address && isFree(record)
                  : outcome.kind === 'unavailable' || !isFree(record)
              if (!isTrue)
                lies.push(`${JSON.stringify(record)} was told ${JSON.stringify(outcome)} of ${held}`)
            })
          }
        }
        await world.clock.advance(10 * 60_000)

        expect(lies).toEqual([])
        expect(open.size).toBe(0)
        for (const [key, address] of wanted) {
          const [name = '', type = ''] = key.split(' ')
          if (ours.includes(name)) expect([key, world.held(name, type)]).toEqual([key, address])
        }
        expect(foreignRecords(world)).toBe(before)
        expect(world.mostChangesInFlight()).toBeLessThanOrEqual(1)
        const codes = world.model.log.calls.map(({ outcome }) => outcome)
        expect(codes.filter((code) => code === 'InvalidInput' || code === 'Throttling')).toEqual([])
      },
    ),
    { numRuns: propertyRuns(300) },
  )
})
