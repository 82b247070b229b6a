import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ZoneHosts } from '../../src/commands/account.js'
import { type PolicyRequest, sizeOf, smallestPolicy } from '../../src/commands/iam-policy/policy.js'
import { allows, change } from './iam-evaluator.js'

const id = (zone: string) => `Z${zone.replace(/[^a-z0-9]/g, '').toUpperCase()}`

const hostsOf = (zones: Readonly<Record<string, readonly string[]>>): ZoneHosts[] =>
  Object.entries(zones).map(([name, names]) => ({ zone: { id: id(name), name }, names }))

const request = (hosts: readonly ZoneHosts[]): PolicyRequest => ({
  partition: 'aws',
  bucket: 'dyndns.example.com',
  key: 'database.csv',
  zoneIds: [],
  hosts,
  offline: true,
  admin: true,
})

/** So many names below a domain. */
const many = (number: number, domain: string) =>
  Array.from({ length: number }, (_, i) => `host-${i}.${domain}`)

const zoneCount = (number: number, perZone: number) =>
  Object.fromEntries(
    Array.from({ length: number }, (_, i) => [`zone-${i}.example`, many(perZone, `zone-${i}.example`)]),
  )

/** The names that the policy for these zones lists, one list for each of its statements. */
function listedNames(zones: Readonly<Record<string, readonly string[]>>): string[][] {
  const { policy } = smallestPolicy(request(hostsOf(zones))) ?? {}
  return (policy?.Statement ?? []).flatMap(({ Condition }) => {
    const keys = Object.assign({}, ...Object.values(Condition ?? {}))
    const names = keys['route53:ChangeResourceRecordSetsNormalizedRecordNames']
    return names ? [[names].flat()] : []
  })
}

describe('what does not fit is widened where that saves the most', () => {
  it('not as long as all fits', () => {
    expect(listedNames({ 'example.com': ['example.com', ...many(100, 'example.com')] })[0]).toHaveLength(101)
  })

  it('the parent domain with the longest list first, and the others not', () => {
    const zones = {
      'example.com': ['example.com', '*.example.com', 'home.example.com', ...many(999, 'dyn.example.com')],
    }
    const rest = ['example.com', '\\052.example.com', 'home.example.com']
    expect(listedNames(zones)).toEqual([['*.dyn.example.com', ...rest]])
  })

  it('one after the other, in the zone where they are', () => {
    const zones = {
      'example.com': [...many(999, 'a.example.com'), ...many(3, 'b.example.com')],
      'example.net': [...many(500, 'example.net'), 'example.net'],
    }
    expect(listedNames(zones)).toEqual([
      ['*.a.example.com', ...many(3, 'b.example.com')],
      ['*.example.net', 'example.net'],
    ])
  })

  it('a domain within a widened one is not listed any more', () => {
    const zones = { 'example.com': [...many(900, 'example.com'), ...many(800, 'dyn.example.com')] }
    expect(listedNames(zones)).toEqual([['*.example.com']])
  })

  it('a domain is none of another zone, though it lies within a widened one there', () => {
    const zones = {
      'example.com': many(500, 'example.com'),
      'sub.example.com': many(500, 'dyn.sub.example.com'),
    }
    expect(listedNames(zones)).toEqual([['*.example.com'], ['*.dyn.sub.example.com']])
  })

  it('very many parent domains at once, but never the apex unasked', () => {
    const names = many(1000, 'example.com').flatMap((parent) => many(2, parent))
    expect(listedNames({ 'example.com': names })).toEqual([['*.example.com']])
    expect(listedNames({ 'example.com': [...names, 'example.com'] })).toEqual([
      ['*.example.com', 'example.com'],
    ])
  })

  it('many zones into one statement', () => {
    const names = Array.from({ length: 30 }, (_, i) => `*.zone-${i}.example`)
    expect(listedNames(zoneCount(30, 100))).toEqual([names])
  })

  it('and too many zones not at all', () => {
    expect(smallestPolicy(request(hostsOf(zoneCount(500, 1))))).toBeUndefined()
  })
})

const label = fc.constantFrom('a', 'b', 'c', 'dyn', 'x-1', '_u')
const zones = fc.uniqueArray(fc.constantFrom('example.com', 'dyn.example.com', 'example.net', 'com'), {
  minLength: 1,
})
const relative = fc.tuple(fc.boolean(), fc.array(label, { maxLength: 3 })).map(([isWildcard, labels]) => {
  return [...(isWildcard ? ['*'] : []), ...labels].join('.')
})

/** Zones with some hosts, and maybe so many more of one parent that their names do not fit. */
const allHosts = zones.chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc
        .tuple(fc.uniqueArray(relative, { minLength: 1, maxLength: 12 }), fc.constantFrom(0, 0, 400), label)
        .map(([relatives, more, parent]) => ({
          zone: { id: id(name), name },
          names: [
            ...relatives.map((part) => (part === '' ? name : `${part}.${name}`)),
            ...many(more, `${parent}.${name}`),
          ],
        })),
    ),
  ),
)

const normalized = (name: string) => name.replace('*', '\\052')

it('whatever the hosts: it fits, they may be written in their zones, and others only where it is widened', () => {
  const strangers = [
    'www.example.com',
    'example.com',
    'a.dyn.example.com',
    'b.example.net',
    'x.com',
    '\\052.dyn.example.com',
  ]
  fc.assert(
    fc.property(allHosts, (hosts) => {
      const { policy, grants } = smallestPolicy(request(hosts)) ?? {}
      if (!policy || !grants) throw new Error('it fits')
      expect(sizeOf(policy)).toBeLessThanOrEqual(6144)
      for (const { zone, names } of hosts) {
        const own = names.map(normalized)
        for (const name of own) expect(allows(policy, change(zone.id, { names: [name] }))).toBe(true)
        const domains = grants.filter((grant) => grant.zones.includes(zone)).flatMap((grant) => grant.domains)
        for (const name of strangers) {
          const isWidened = domains.some((domain) => name.endsWith(`.${domain}`))
          expect(allows(policy, change(zone.id, { names: [name] }))).toBe(own.includes(name) || isWidened)
        }
        expect(domains.every((domain) => domain.endsWith(zone.name))).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})
