import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Call, shortUserAgent } from '../../src/history/history.js'
import { createMemoryHistory } from '../../src/history/memory-history.js'

const call = (change: Partial<Call> = {}): Call => ({
  from: '9.9.9.9',
  userAgent: 'curl',
  path: '/register_ip',
  outcome: 'nochg',
  wanted: '9.9.9.9',
  ...change,
})

/** A history whose clock moves on by a second with each note. */
function createTicking(limits?: { perHost: number; inAll: number }) {
  let seconds = 0
  return createMemoryHistory(limits, () => new Date(1000 * seconds++))
}

describe('a history in memory', () => {
  it('knows nothing of a host that was never noted', async () => {
    const history = createTicking()
    expect(history.since).toEqual(new Date(0))
    expect(await history.read('home.example.com')).toEqual({ calls: [], changes: [] })
  })

  it('counts calls that are alike, and tells the latest first', async () => {
    const history = createTicking()
    for (let times = 0; times < 3; times++) history.noteCall('h', call())
    history.noteCall('h', call({ outcome: 'good', wanted: '8.8.8.8' }))
    history.noteCall('h', call())
    const { calls } = await history.read('h')
    expect(calls.map(({ outcome, times, first, last }) => [outcome, times, +first, +last])).toEqual([
      ['nochg', 1, 5000, 5000],
      ['good', 1, 4000, 4000],
      ['nochg', 3, 1000, 3000],
    ])
  })

  it.each<Partial<Call>>([
    { from: '9.9.9.8' },
    { from: undefined },
    { userAgent: 'wget' },
    { path: '/nic/update' },
    { outcome: 'good' },
    { wanted: '9.9.9.9, ::1' },
    { reason: 'because' },
  ])('keeps calls apart that differ: %j', async (change) => {
    const history = createTicking()
    history.noteCall('h', call())
    history.noteCall('h', call(change))
    expect((await history.read('h')).calls).toHaveLength(2)
  })

  it('lets nobody who guesses tokens push out what was called with the right one', async () => {
    const history = createTicking({ perHost: 3, inAll: 100 })
    history.noteCall('h', call())
    for (let guess = 0; guess < 50; guess++) {
      history.noteCall('h', call({ outcome: 'wrong-token', from: `10.0.0.${guess}` }))
    }
    const { calls } = await history.read('h')
    expect(calls.map(({ outcome }) => outcome)).toEqual([
      'wrong-token',
      'wrong-token',
      'wrong-token',
      'nochg',
    ])
  })

  it('tells of each host what is its own', async () => {
    const history = createTicking()
    history.noteCall('a', call())
    history.noteChange('b', { type: 'AAAA', address: undefined })
    expect(await history.read('a')).toMatchObject({ calls: [call()], changes: [] })
    expect(await history.read('b')).toEqual({
      calls: [],
      changes: [{ at: new Date(2000), type: 'AAAA', address: undefined }],
    })
  })

  it('keeps no more than it may, for a host and in all, and the newest of it', async () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const notes = fc.array(
      fc.tuple(fc.constantFrom(...names), fc.constantFrom('call', 'guess', 'change'), fc.nat(9)),
    )
    await fc.assert(
      fc.asyncProperty(notes, async (noted) => {
        const history = createTicking({ perHost: 2, inAll: 6 })
        for (const [host, kind, value] of noted) {
          const from = String(value)
          if (kind === 'change') history.noteChange(host, { type: 'A', address: from })
          else history.noteCall(host, call({ from, outcome: kind === 'guess' ? 'wrong-token' : 'good' }))
        }
        const kept = await Promise.all(names.map((host) => history.read(host)))
        const sizes = kept.map(({ calls, changes }) => calls.length + changes.length)
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(6)
        for (const { calls, changes } of kept) {
          expect(calls.length).toBeLessThanOrEqual(4)
          expect(changes.length).toBeLessThanOrEqual(2)
        }
        const latest = noted.at(-1)
        if (latest) expect(sizes[names.indexOf(latest[0])]).toBeGreaterThan(0)
      }),
    )
  })
})

describe('a user agent', () => {
  it.each([
    [undefined, ''],
    ['ddclient/3.10.0', 'ddclient/3.10.0'],
    ['a\u0000b\u001b[31mc\u202ed\u2028e\u200bf', 'ab[31mcdef'],
    ['x'.repeat(500), 'x'.repeat(120)],
    ['\u{1f600}'.repeat(200), '\u{1f600}'.repeat(120)],
  ])('%j is kept as %j', (header, kept) => {
    expect(shortUserAgent(header)).toBe(kept)
  })

  it('never has a control character, half a character, or more than 120', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (header) => {
        const kept = shortUserAgent(header)
        expect([...kept].length).toBeLessThanOrEqual(120)
        expect(kept).not.toMatch(/\p{C}/u)
      }),
    )
  })
})
