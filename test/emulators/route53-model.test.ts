// What only the model offers, without HTTP and on a virtual clock: quotas, locks, protections, the call log.
import { beforeEach, describe, expect, it } from 'vitest'
import { Route53Model } from '../../emulators/route53/model.js'
import { normalizeName } from '../../emulators/route53/names.js'
import { documentedQuotas } from '../../emulators/route53/quotas.js'
import type { NewChange } from '../../emulators/route53/records.js'
import type { Zone } from '../../emulators/route53/zone.js'

let nowMs: number
let model: Route53Model
let zone: Zone

beforeEach(() => {
  nowMs = 0
  model = new Route53Model({ now: () => nowMs, inSyncAfterMs: 30_000 })
  zone = model.addZone({ name: 'example.net', id: 'Z1' })
})

const upsert = (value: string, name = 'home.example.net'): NewChange => ({
  action: 'UPSERT',
  recordSet: { name, type: 'A', ttl: 60, values: [value] },
})
const batch = (count: number) =>
  Array.from({ length: count }, (_, index) => upsert('192.0.2.1', `h${index}.example.net`))
const change = (...changes: NewChange[]) => model.beginChange('Z1', changes).apply()

/** How many times this can be done before it is refused with Throttling, up to 10,000. */
function allowed(call: () => unknown): number {
  for (let count = 0; count < 1_000; count += 1) {
    try {
      call()
    } catch (error) {
      expect(error).toMatchObject({ code: 'Throttling', status: 400, message: 'Rate exceeded' })
      return count
    }
  }
  return 1_000
}

describe('quotas', () => {
  it('are off by default', () => {
    expect(allowed(() => model.listHostedZones())).toBe(1_000)
    expect(allowed(() => change(...batch(10)))).toBe(1_000)
  })

  it('let 50 requests of all actions through at once, then 10 a second', () => {
    model.setQuotas({ requests: documentedQuotas.requests })
    change(upsert('192.0.2.1'))
    model.getHostedZone('Z1')
    expect(allowed(() => model.listResourceRecordSets('Z1'))).toBe(48)
    nowMs += 99
    expect(allowed(() => model.listHostedZones())).toBe(0)
    nowMs += 1
    expect(allowed(() => model.listHostedZonesByName())).toBe(1)
    nowMs += 3_600_000
    expect(allowed(() => change(upsert('192.0.2.1')))).toBe(50)
  })

  it('let 750 UPSERTs through at once, then 50 a second', () => {
    model.setQuotas({ changes: documentedQuotas.changes })
    expect(allowed(() => change(...batch(100)))).toBe(7)
    nowMs += 1_000
    expect(allowed(() => change(...batch(100)))).toBe(1)
    expect(allowed(() => model.listHostedZones())).toBe(1_000)
  })

  it('count a CREATE and a DELETE once', () => {
    model.setQuotas({ changes: { burst: 4, perSecond: 0 } })
    const [{ recordSet }] = batch(1) as [NewChange]
    change({ action: 'CREATE', recordSet })
    change({ action: 'DELETE', recordSet })
    expect(allowed(() => change({ action: 'UPSERT', recordSet }))).toBe(1)
  })

  it('are spent by refused calls, but not by throttled ones', () => {
    model.setQuotas({ requests: { burst: 2, perSecond: 1 } })
    expect(() => model.getHostedZone('Z404')).toThrow('No hosted zone found')
    expect(() => change(upsert('nonsense'))).toThrow('ARRDATAIllegalIPv4Address')
    expect(allowed(() => model.listHostedZones())).toBe(0)
    nowMs += 1_000
    expect(allowed(() => model.listHostedZones())).toBe(1)
  })
})

describe('a change in flight', () => {
  it('is not seen before it is applied, and refuses every other change of its zone', () => {
    const pending = model.beginChange('Z1', [upsert('192.0.2.1')])
    expect(zone.get('home.example.net', 'A')).toEqual([])
    expect(() => change(upsert('192.0.2.2'))).toThrow('still processing a prior request')
    model.addZone({ name: 'example.org', id: 'Z2' })
    model.beginChange('Z2', [upsert('192.0.2.2', 'example.org')]).apply()
    pending.apply()
    expect(zone.get('home.example.net', 'A')).toMatchObject([{ values: ['192.0.2.1'] }])
    change(upsert('192.0.2.2'))
    expect(zone.get('home.example.net', 'A')).toMatchObject([{ values: ['192.0.2.2'] }])
  })

  it('is judged by the zone as it is at the end', () => {
    const pending = model.beginChange('Z1', [upsert('192.0.2.1')])
    zone.put({ name: 'home.example.net', type: 'CNAME', ttl: 60, values: ['elsewhere.example.org'] })
    expect(() => pending.apply()).toThrow('conflicting RRSet of type CNAME')
    zone.remove('home.example.net', 'CNAME')
    change(upsert('192.0.2.1'))
  })

  it('fails when its zone is deleted', () => {
    const pending = model.beginChange('Z1', [upsert('192.0.2.1')])
    model.deleteZone('Z1')
    expect(() => pending.apply()).toThrow('No hosted zone found with ID: Z1')
  })

  it('leaves nothing behind when it is abandoned, and ends once', () => {
    const pending = model.beginChange('Z1', [upsert('192.0.2.1')])
    pending.abandon()
    expect(zone.get('home.example.net', 'A')).toEqual([])
    expect(() => pending.apply()).toThrow('before')
    change(upsert('192.0.2.2'))
  })

  it('may be that of another tool, for a time or until it is released', () => {
    model.hold('Z1', 1_000)
    nowMs += 999
    expect(() => change(upsert('192.0.2.1'))).toThrow('still processing a prior request')
    nowMs += 1
    change(upsert('192.0.2.1'))
    const release = model.hold('Z1')
    nowMs += 3_600_000
    expect(() => change(upsert('192.0.2.1'))).toThrow('still processing a prior request')
    release()
    change(upsert('192.0.2.1'))
  })
})

describe('names', () => {
  it.each([
    ['Home.Example.NET', 'home.example.net.'],
    ['*.example.net.', '\\052.example.net.'],
    ['\\052.example.net', '\\052.example.net.'],
    ['a_b-c.example.net', 'a_b-c.example.net.'],
    ['a/b!@.example.net', 'a\\057b\\041\\100.example.net.'],
    ['\\101\\056b.example.net', 'a\\056b.example.net.'],
    ['é.example.net', '\\303\\251.example.net.'],
  ])('%s is stored as %s', (name, stored) => expect(normalizeName(name)).toBe(stored))

  it('with an escaped dot keep their place apart from those with a real one', () => {
    zone.put({ name: 'b.a.example.net', type: 'A', ttl: 60, values: ['192.0.2.1'] })
    zone.put({ name: 'a\\056b.example.net', type: 'A', ttl: 60, values: ['192.0.2.2'] })
    const { recordSets } = model.listResourceRecordSets('Z1', { name: 'a\\056b.example.net' })
    expect(recordSets.map(({ values }) => values)).toEqual([['192.0.2.2']])
  })
})

it('calls a change PENDING until it is everywhere', () => {
  const { id, status } = change(upsert('192.0.2.1'))
  expect(status).toBe('PENDING')
  nowMs += 29_999
  expect(model.getChange(id).status).toBe('PENDING')
  nowMs += 1
  expect(model.getChange(id).status).toBe('INSYNC')
})

it('refuses every batch that touches a protected record, named with the comment', () => {
  const unprotect = zone.protect('Home.example.net', 'A', 'ask Alice')
  const complaint = /\[RRSet with DNS name home\.example\.net\., type A .* ask Alice\]$/
  expect(() => change(upsert('192.0.2.1', 'other.example.net'), upsert('192.0.2.1'))).toThrow(complaint)
  expect(zone.get('other.example.net', 'A')).toEqual([])
  change({ action: 'UPSERT', recordSet: { ...upsert('').recordSet, type: 'AAAA', values: ['2001:db8::1'] } })
  unprotect()
  change(upsert('192.0.2.1'))
})

describe('the call log', () => {
  it('keeps every call with its outcome, and a change with its batch', () => {
    model.listResourceRecordSets('Z1', { name: 'home.example.net' })
    nowMs = 5
    const pending = model.beginChange('Z1', [upsert('192.0.2.1', 'HOME.example.net')])
    expect(() => change(upsert('192.0.2.2'))).toThrow()
    expect(model.log.calls).toMatchObject([
      { action: 'ListResourceRecordSets', zoneId: 'Z1', name: 'home.example.net', atMs: 0, outcome: 'ok' },
      { changes: [{ recordSet: { name: 'home.example.net.' } }], atMs: 5, outcome: 'in flight' },
      { action: 'ChangeResourceRecordSets', outcome: 'PriorRequestNotComplete' },
    ])
    pending.apply()
    expect(model.log.calls[1]).toMatchObject({ outcome: 'ok' })
    model.log.clear()
    expect(model.log.calls).toEqual([])
  })

  it('counts, for one zone or for all', () => {
    model.addZone({ name: 'example.org', id: 'Z2' })
    model.listHostedZones()
    change(upsert('192.0.2.1'))
    change(upsert('192.0.2.2'))
    const pending = model.beginChange('Z2', [upsert('192.0.2.1', 'example.org')])
    expect(() => model.beginChange('Z2', [upsert('192.0.2.1')])).toThrow()
    pending.abandon()
    model.setQuotas({ requests: { burst: 0, perSecond: 0 } })
    expect(() => model.listResourceRecordSets('Z1')).toThrow('Rate exceeded')
    expect(model.log.statistics()).toEqual({
      reads: 2,
      writes: 4,
      throttled: 1,
      priorRequestNotComplete: 1,
      maxChangesInFlight: 2,
    })
    expect(model.log.statistics('Z1')).toMatchObject({ reads: 1, writes: 2, maxChangesInFlight: 1 })
    expect(model.log.statistics('Z2')).toMatchObject({ reads: 0, writes: 2, maxChangesInFlight: 2 })
  })

  it('does not take another tool for an overlap', () => {
    model.hold('Z1', 1)
    expect(() => change(upsert('192.0.2.1'))).toThrow()
    expect(model.log.statistics('Z1')).toMatchObject({ priorRequestNotComplete: 1, maxChangesInFlight: 1 })
  })
})
