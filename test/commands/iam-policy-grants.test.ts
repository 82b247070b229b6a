import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { challengeName } from '../../src/certificates/challenge-name.js'
import { type Grants, grantBelow, grantChallenges, grantHosts } from '../../src/commands/iam-policy/grants.js'
import { createPolicy } from '../../src/commands/iam-policy/policy.js'
import type { Zone } from '../../src/route53/api.js'
import { allows, change } from './iam-evaluator.js'

const policyOf = ({ grants }: Pick<Grants, 'grants'>, challenges: Grants['grants'] = []) =>
  createPolicy({
    partition: 'aws',
    bucket: 'dyndns.example.com',
    key: 'database.csv',
    zoneIds: [],
    grants,
    challenges,
    admin: true,
  })

const bases = ['example.com', 'dyn.example.com', 'a.dyn.example.com', 'example.net']
const zones = fc
  .uniqueArray(fc.constantFrom(...bases), { minLength: 1 })
  .map((names) => names.map((name): Zone => ({ id: `Z${bases.indexOf(name)}`, name })))
const label = fc.constantFrom('a', 'b', 'dyn', 'x-1', '_u')
/** A base itself, or a name of up to two labels more below it. */
const domain = fc
  .tuple(fc.array(label, { maxLength: 2 }), fc.constantFrom(...bases))
  .map(([labels, base]) => [...labels, base].join('.'))
const host = fc.tuple(fc.boolean(), domain).map(([isWildcard, name]) => (isWildcard ? `*.${name}` : name))
const hosts = fc.uniqueArray(host, { maxLength: 12 })

const zoneOf = (name: string, listed: readonly Zone[]) =>
  listed
    .filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`))
    .sort((a, b) => b.name.length - a.name.length)[0]

/** The names of all that may be written in this zone, among these. */
function writable(grants: Grants, { id }: Zone, names: readonly string[]): string[] {
  const policy = policyOf(grants)
  return names.filter((name) => allows(policy, change(id, { names: [name.replace('*', '\\052')] })))
}

it('hosts one by one: each may be written in its zone, and nothing else anywhere', () => {
  fc.assert(
    fc.property(zones, hosts, hosts, (listed, own, others) => {
      const found = grantHosts(own, listed, [])
      for (const zone of listed) {
        const expected = own.filter((name) => zoneOf(name, listed) === zone)
        expect(writable(found, zone, [...new Set([...own, ...others])])).toEqual(expected)
      }
      const zoneless = own.filter((name) => zoneOf(name, listed) === undefined)
      expect([...found.zoneless.values()].flat()).toEqual(zoneless)
      expect(found.uncovered).toEqual([])
    }),
  )
})

it('below domains: every name below them, in their zones and in those of the hosts, but no domain itself', () => {
  const domains = fc.uniqueArray(domain, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(zones, domains, hosts, hosts, (listed, wanted, own, others) => {
      fc.pre(wanted.every((name) => zoneOf(name, listed)))
      const found = grantBelow(wanted, own, listed, [])
      const above = (name: string) => wanted.filter((each) => name !== each && name.endsWith(`.${each}`))
      const names = [...new Set([...own, ...others, ...wanted])]
      for (const zone of listed) {
        const granted = wanted.filter((each) => {
          const hostsBelow = own.filter((name) => above(name).includes(each))
          return [each, ...hostsBelow].some((name) => zoneOf(name, listed) === zone)
        })
        const expected = names.filter((name) => above(name).some((each) => granted.includes(each)))
        expect(writable(found, zone, names)).toEqual(expected)
      }
      expect(found.uncovered).toEqual(own.filter((name) => above(name).length === 0))
    }),
  )
})

describe('challenges', () => {
  /** The challenges that may be written in this zone, of all these hosts. */
  const challengesIn = (granted: Grants['grants'], { id }: Zone, names: readonly string[]) => {
    const policy = policyOf({ grants: [] }, granted)
    const all = [...new Set(names.map(challengeName))]
    for (const name of [...names.map((host) => host.replace('*', '\\052')), ...all]) {
      expect(allows(policy, change(id, { names: [name] }))).toBe(false)
    }
    return all.filter((name) => allows(policy, change(id, { types: ['TXT'], names: [name] })))
  }

  it('one by one: each in its zone, and nothing else anywhere', () => {
    fc.assert(
      fc.property(zones, hosts, hosts, (listed, own, others) => {
        const granted = grantChallenges([], own, listed, [])
        for (const zone of listed) {
          const all = [...new Set([...own, ...others].map(challengeName))]
          const mine = new Set(own.map(challengeName))
          const expected = all.filter((name) => mine.has(name) && zoneOf(name, listed) === zone)
          expect(challengesIn(granted, zone, [...own, ...others])).toEqual(expected)
        }
      }),
    )
  })

  it('below domains: those of every host that may be written, in its zone', () => {
    const domains = fc.uniqueArray(domain, { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(zones, domains, hosts, (listed, wanted, own) => {
        fc.pre(wanted.every((name) => zoneOf(name, listed)))
        const below = own.filter((name) => wanted.some((each) => name !== each && name.endsWith(`.${each}`)))
        const granted = grantChallenges(wanted, own, listed, [])
        for (const zone of listed) {
          const expected = [...new Set(below.map(challengeName))].filter(
            (name) => zoneOf(name, listed) === zone,
          )
          expect(challengesIn(granted, zone, own)).toEqual(expect.arrayContaining(expected))
        }
      }),
    )
  })

  it('below a domain: no other name there, and that of the domain only for its wildcard', () => {
    const [zone] = [{ id: 'Z1', name: 'example.com' }]
    const may = (own: readonly string[], name: string) =>
      allows(
        policyOf({ grants: [] }, grantChallenges(['example.com'], own, [zone], [])),
        change(zone.id, { types: ['TXT'], names: [name] }),
      )
    expect(may([], '_acme-challenge.new.example.com')).toBe(true)
    expect(may([], '_acme-challenge.a.new.example.com')).toBe(true)
    for (const name of [
      '_acme-challenge.example.com',
      'x_acme-challenge.a.example.com',
      '_dmarc.a.example.com',
      'a.example.com',
    ]) {
      expect([name, may([], name)]).toEqual([name, false])
    }
    expect(may(['*.example.com'], '_acme-challenge.example.com')).toBe(true)
    expect(may(['example.com'], '_acme-challenge.example.com')).toBe(false)
  })
})

it('a domain in no zone is an error, though hosts below it lie in one', () => {
  const listed = [{ id: 'Z1', name: 'dyn.example.com' }]
  expect(() => grantBelow(['example.com'], ['home.dyn.example.com'], listed, [])).toThrow(
    '--below example.com: no public hosted zone of this AWS account contains example.com',
  )
})
