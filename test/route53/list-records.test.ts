import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordSet } from '../../src/route53/api.js'
import { walkRecordSets } from '../../src/route53/list-records.js'
import { propertyRuns } from '../support/property-runs.js'
import {
  createPagedZone,
  documentedOrder,
  type ListedSet,
  orderAsWritten,
  orderByLabels,
  type PagedZone,
} from './fake-pages.js'

/** Walks and gives what was settled, in order. */
async function walk(zone: PagedZone, needed: Iterable<string>, alsoWanted: Iterable<string> = []) {
  const settled: [string, readonly RecordSet[]][] = []
  await walkRecordSets(zone.readPage, new Set(needed), alsoWanted, (name, sets) => settled.push([name, sets]))
  return settled
}

function set(name: string, type = 'A', setIdentifier?: string): ListedSet {
  return { name, type, values: [`${name} ${type}`], ...(setIdentifier !== undefined && { setIdentifier }) }
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const host = (index: number) => `h${String(index).padStart(5, '0')}.example.com`

describe('walkRecordSets', () => {
  it('reads nothing when nothing is needed', async () => {
    const zone = createPagedZone([set('a.example.com')])
    expect(await walk(zone, [], ['a.example.com'])).toEqual([])
    expect(zone.reads).toEqual([])
  })

  it('reads a short page for a single name', async () => {
    const zone = createPagedZone(range(500).map((index) => set(host(index))))
    expect(await walk(zone, [host(7)])).toEqual([[host(7), zone.at(host(7))]])
    expect(zone.reads).toEqual([{ start: { name: host(7) }, maxItems: 20 }])
  })

  it('knows from one page that a name is absent: before, between and after all others', async () => {
    const zone = createPagedZone(['b', 'd'].map((label) => set(`${label}.example.com`)))
    const names = ['a', 'b', 'c', 'd', 'e'].map((label) => `${label}.example.com`)
    expect(await walk(zone, names)).toEqual(names.map((name) => [name, zone.at(name)]))
    expect(zone.reads).toHaveLength(1)
  })

  it('settles in an empty zone too', async () => {
    expect(await walk(createPagedZone([]), ['a.example.com'])).toEqual([['a.example.com', []]])
  })

  it('gives a single name whole that fills many pages', async () => {
    const sets = range(45).map((index) => set('a.example.com', 'A', String(index).padStart(3, '0')))
    const zone = createPagedZone([...sets, set('a.example.com', 'TXT'), set('b.example.com')])
    const settled = await walk(zone, ['a.example.com'])
    expect(settled).toEqual([['a.example.com', zone.at('a.example.com')]])
    expect(settled[0]?.[1]).toHaveLength(46)
    expect(zone.reads).toHaveLength(3)
  })

  it('one page serves many neighbours', async () => {
    const zone = createPagedZone(range(1000).map((index) => set(host(index))))
    const needed = range(125).map((index) => host(100 + index))
    expect(await walk(zone, needed)).toHaveLength(125)
    expect(zone.reads).toHaveLength(1)
  })

  it('one page serves those who only wait as well, but none is read for them', async () => {
    const zone = createPagedZone(range(1000).map((index) => set(host(index))))
    const settled = await walk(zone, [host(400), host(410)], [host(405), host(420), host(5), host(999)])
    expect(settled.map(([name]) => name).sort()).toEqual([400, 405, 410, 420].map(host))
    expect(zone.reads).toHaveLength(1)
  })

  it('passes over the pages where no wanted name lies', async () => {
    const zone = createPagedZone(range(10_000).map((index) => set(host(index))))
    expect(await walk(zone, [3, 5000, 5001, 9999].map(host))).toHaveLength(4)
    expect(zone.reads).toHaveLength(3)
  })

  it('walks from four places at once: 500 neighbours in four pages, names all over a zone in few more than its own', async () => {
    const dense = createPagedZone(range(500).map((index) => set(host(index))))
    await walk(dense, range(500).map(host))
    expect(dense.reads).toHaveLength(4)
    const sparse = createPagedZone(range(10_000).map((index) => set(host(index))))
    await walk(
      sparse,
      range(500).map((index) => host(index * 20)),
    )
    expect(sparse.reads.length).toBeLessThanOrEqual(34 + 4)
  })

  it('throws what a read throws, and what was settled before stays settled', async () => {
    const zone = createPagedZone(range(1000).map((index) => set(host(index))))
    const settled: string[] = []
    let reads = 0
    const failing = walkRecordSets(
      async (start, maxItems) => {
        if (++reads === 2) throw new Error('Throttling')
        return zone.readPage(start, maxItems)
      },
      new Set([host(1), host(900)]),
      [],
      (name) => settled.push(name),
    )
    await expect(failing).rejects.toThrow('Throttling')
    expect(settled).toEqual([host(1)])
  })

  it('does not take a name for absent that another order than the documented one puts before the page', async () => {
    const sets = ['a', 'a.b', 'c'].map((label) => set(`${label}.example.com`))
    const needed = ['a-b.example.com', 'a.example.com']
    const zone = createPagedZone(sets, 300, orderByLabels)
    expect(new Map(await walk(zone, needed)).get('a.example.com')).toEqual(zone.at('a.example.com'))
  })

  const label = fc.constantFrom('a', 'a-b', 'a-', 'a_', 'ab', 'b', '*', '_x', '1', 'a1', '-')
  const name = fc.array(label, { maxLength: 3 }).map((labels) => [...labels, 'example.com'].join('.'))
  // A zone may hold any name, but a host's has its wildcard in front only.
  const wanted = name.filter((text) => text.lastIndexOf('*') <= 0)
  const sets = fc.uniqueArray(
    fc.record({
      name,
      type: fc.constantFrom('A', 'AAAA', 'CNAME', 'TXT'),
      setIdentifier: fc.constantFrom(undefined, '1', '2', '3'),
    }),
    { selector: ({ name, type, setIdentifier }) => `${name} ${type} ${setIdentifier}`, maxLength: 60 },
  )
  const cases = fc.record({
    sets: sets.map((list) => list.map(({ name, type, setIdentifier }) => set(name, type, setIdentifier))),
    pageSize: fc.integer({ min: 1, max: 12 }),
    needed: fc.uniqueArray(wanted, { maxLength: 15 }),
    alsoWanted: fc.array(wanted, { maxLength: 10 }),
  })

  it.each([
    ['the documented order', documentedOrder],
    ['label by label', orderByLabels],
    ['the documented order, but of names as they are written', orderAsWritten],
  ])('settles each needed name once and with just what the zone holds, sorted in %s', async (_, orderOf) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ sets, pageSize, needed, alsoWanted }) => {
        const zone = createPagedZone(sets, pageSize, orderOf)
        const settled = await walk(zone, needed, alsoWanted)
        const names = settled.map(([name]) => name)
        expect(new Set(names).size).toBe(names.length)
        expect(names).toEqual(expect.arrayContaining(needed))
        expect([...needed, ...alsoWanted]).toEqual(expect.arrayContaining(names))
        for (const [name, recordSets] of settled) expect([name, recordSets]).toEqual([name, zone.at(name)])
        expect(zone.reads.length).toBeLessThanOrEqual(needed.length + Math.ceil(sets.length / pageSize))
      }),
      { numRuns: propertyRuns(500) },
    )
  })
})
