import { describe, expect, it } from 'vitest'
import type { ServiceEvent } from '../../src/events.js'
import { describe as describeNotice } from '../../src/notices/describe.js'
import { occurrenceOf } from '../../src/notices/occurrence-of.js'

const at = new Date(0)

/** The notice of some events of one kind that come together. */
function noticeOf(...events: ServiceEvent[]) {
  const occurrences = events.flatMap((event) => occurrenceOf(event) ?? [])
  const [first] = occurrences
  if (!first) return undefined
  const items = occurrences.map(({ item }) => ({ ...item, times: 1 }))
  return describeNotice({ kind: first.kind, items, unnamed: 0, at })
}

const written = (host: string, type: 'A' | 'AAAA' | 'TXT', address: string | undefined, previous?: string) =>
  ({ kind: 'record-written', host, type, address, previous }) as const
const [home, cabin] = ['home.example.com', 'cabin.example.com']

describe('a notice', () => {
  it.each<[string, ServiceEvent, string, string, string[]]>([
    ['of a first address', written(home, 'A', '203.0.113.8'), 'info', `${home} is now at 203.0.113.8`, []],
    [
      'of a changed address',
      written(home, 'AAAA', '2001:db8::8', '2001:db8::7'),
      'info',
      `${home} is now at 2001:db8::8`,
      ['It was at 2001:db8::7 before.'],
    ],
    [
      'of a lockout',
      { kind: 'locked-out', from: '2001:db8::/64', seconds: 600 },
      'warning',
      '2001:db8::/64 is locked out',
      ['Too many logins from there have failed. Nobody may log in from there for 600 s.'],
    ],
    [
      'of a bad line',
      { kind: 'database-loaded', hosts: 3, problems: [{ line: 4, reason: 'it has no token' }] },
      'warning',
      'A line of the host database is left out',
      ['line 4: it has no token'],
    ],
    [
      'of a database that cannot be read',
      { kind: 'database-unreadable', reason: 'S3 denies access' },
      'error',
      'The host database cannot be read',
      ['S3 denies access'],
    ],
    [
      'of a denied host',
      { kind: 'route53-failed', fault: 'denied', host: home, reason: 'not authorized' },
      'error',
      `Route 53 denies a change of ${home}`,
      ['not authorized'],
    ],
    [
      'of a denied list of zones',
      { kind: 'route53-failed', fault: 'denied', host: undefined, reason: 'not authorized' },
      'error',
      'Route 53 denies a change',
      ['not authorized'],
    ],
    [
      'of a wrong key',
      { kind: 'route53-failed', fault: 'credentials', host: undefined, reason: 'SignatureDoesNotMatch' },
      'error',
      'Route 53 does not take the AWS key',
      ['SignatureDoesNotMatch'],
    ],
    [
      'of a rejected change',
      { kind: 'route53-failed', fault: 'rejected', host: home, reason: 'InvalidInput' },
      'error',
      `Route 53 rejects a change of ${home}`,
      ['InvalidInput'],
    ],
    [
      'of a record that was given up',
      { kind: 'record-given-up', host: home, type: 'A', reason: 'throttled' },
      'error',
      `A of ${home} was given up`,
      ['throttled'],
    ],
    [
      'of a record that was given up without a reason',
      { kind: 'record-given-up', host: home, type: 'TXT', reason: undefined },
      'error',
      `TXT of ${home} was given up`,
      [],
    ],
  ])('%s', (_, event, severity, title, lines) => {
    expect(noticeOf(event)).toMatchObject({ severity, title, lines, count: 1, unnamed: 0 })
  })

  it.each<[string, ServiceEvent]>([
    ['a record that is gone', written(home, 'A', undefined, '203.0.113.7')],
    ['a new TTL', written(home, 'A', '203.0.113.7', '203.0.113.7')],
    ['a challenge', written(`_acme-challenge.${home}`, 'TXT', undefined)],
    ['a database in order', { kind: 'database-loaded', hosts: 3, problems: [] }],
    ['a failed login', { kind: 'login-failed' }],
    [
      'a registration',
      {
        kind: 'registration',
        host: home,
        type: 'A',
        outcome: 'nochg',
        address: '203.0.113.7',
        cause: undefined,
        ms: 1,
        userAgent: '',
      },
    ],
    ['a call', { kind: 'route53-called', operation: 'change', ms: 1, changes: 2, fault: 'throttled' }],
  ])('is not sent of %s', (_, event) => {
    expect(noticeOf(event)).toBeUndefined()
  })
})

describe('a notice of several things', () => {
  it('of one host is as one', () => {
    expect(noticeOf(written(home, 'A', '203.0.113.8'), written(home, 'AAAA', '2001:db8::8'))).toMatchObject({
      title: `${home} is now at 203.0.113.8 and 2001:db8::8`,
      lines: [`${home} A 203.0.113.8`, `${home} AAAA 2001:db8::8`],
      count: 2,
    })
  })

  it('names each', () => {
    expect(
      noticeOf(written(home, 'A', '203.0.113.8', '203.0.113.7'), written(cabin, 'A', '203.0.113.9')),
    ).toMatchObject({
      title: '2 addresses have changed',
      lines: [`${home} A 203.0.113.8, before 203.0.113.7`, `${cabin} A 203.0.113.9`],
    })
    const denied = { kind: 'route53-failed', fault: 'denied', reason: 'no' } as const
    expect(noticeOf({ ...denied, host: home }, { ...denied, host: undefined })).toMatchObject({
      title: 'Route 53 refuses 2 changes',
      lines: [`${home} denied: no`, 'denied: no'],
    })
    const givenUp = { kind: 'record-given-up', type: 'A' } as const
    expect(
      noticeOf(
        { ...givenUp, host: home, reason: 'throttled' },
        { ...givenUp, host: cabin, reason: undefined },
      ),
    ).toMatchObject({ title: '2 records were given up', lines: [`${home} A: throttled`, `${cabin} A`] })
    const lockedOut = { kind: 'locked-out', seconds: 60 } as const
    expect(noticeOf({ ...lockedOut, from: '192.0.2.1' }, { ...lockedOut, from: '192.0.2.2' })).toMatchObject({
      title: '2 clients are locked out',
      lines: ['192.0.2.1 for 60 s', '192.0.2.2 for 60 s'],
    })
  })

  it('names the first 20 and counts the rest', () => {
    const events = Array.from({ length: 1234 }, (_, i) => written(`h${i}.example.com`, 'A', '203.0.113.8'))
    const notice = noticeOf(...events)
    expect(notice).toMatchObject({ title: '1,234 addresses have changed', unnamed: 1214, count: 1234 })
    expect(notice?.items).toHaveLength(20)
    expect(notice?.lines).toHaveLength(21)
    expect(notice?.lines.slice(-2)).toEqual(['h19.example.com A 203.0.113.8', 'and 1,214 more'])
  })

  it('so of the lines of a database', () => {
    const problems = Array.from({ length: 1234 }, (_, i) => ({ line: i + 1, reason: 'no token' }))
    const notice = noticeOf({ kind: 'database-loaded', hosts: 1, problems })
    expect(notice).toMatchObject({ title: '1,234 lines of the host database are left out', count: 1 })
    expect(notice?.lines).toHaveLength(21)
    expect(notice?.lines.slice(-2)).toEqual(['line 20: no token', 'and 1,214 more'])
  })

  it('says how often the same happened, and cuts what is long', () => {
    const item = { host: home, type: 'A' as const, reason: 'x'.repeat(1000), times: 3 }
    expect(describeNotice({ kind: 'record-given-up', items: [item], unnamed: 0, at })).toMatchObject({
      lines: [`${'x'.repeat(300)}…`, 'It happened 3 times since the last notice.'],
      count: 3,
    })
    const many = describeNotice({
      kind: 'record-given-up',
      items: [item, { ...item, host: cabin }],
      unnamed: 0,
      at,
    })
    expect(many.lines[0]).toBe(`${home} A: ${'x'.repeat(300)}… (3 times)`)
  })
})
