import { describe, expect, it } from 'vitest'
import { createChallengeLedger } from '../../src/certificates/ledger.js'
import { createFakeClock } from '../net/fake-clock.js'

const limits = { valuesPerName: 2, names: 2 }

function createLedger() {
  const clock = createFakeClock(1000)
  const ledger = createChallengeLedger(limits, clock)
  const valuesOf = (name: string) => ledger.entriesOf(name).map(({ value }) => value)
  return { clock, ledger, valuesOf }
}

describe('the ledger of challenges', () => {
  it('has the values of a name in the order of the last asking', () => {
    const { ledger, valuesOf } = createLedger()
    expect(['a', 'b', 'a'].map((value) => ledger.note('x', value, false))).toEqual([true, true, false])
    expect(valuesOf('x')).toEqual(['b', 'a'])
    ledger.forget('x', 'b')
    ledger.forget('x', 'a')
    ledger.forget('x', 'never there')
    expect([valuesOf('x'), valuesOf('y')]).toEqual([[], []])
  })

  it('keeps what was written when many more are asked for and none of them is', () => {
    const { ledger, valuesOf } = createLedger()
    for (const value of ['a', 'b']) {
      ledger.note('x', value, false)
      ledger.confirm('x', value)
    }
    for (const value of ['c', 'd', 'e']) ledger.note('x', value, false)
    expect(valuesOf('x')).toEqual(['a', 'b', 'd', 'e'])
    ledger.confirm('x', 'e')
    expect(valuesOf('x')).toEqual(['b', 'd', 'e'])
    ledger.confirm('x', 'no such value')
    ledger.note('x', 'b', true)
    expect(ledger.entriesOf('x').at(-1)).toMatchObject({ value: 'b', isRolling: true, isWritten: true })
  })

  it('forgets the name that was asked for longest ago', () => {
    const { ledger, valuesOf } = createLedger()
    for (const name of ['x', 'y', 'x', 'z']) ledger.note(name, 'a', false)
    expect(['x', 'y', 'z'].map(valuesOf)).toEqual([['a'], [], ['a']])
  })

  it('tells the values of an age, counted from the last asking', async () => {
    const { clock, ledger } = createLedger()
    ledger.note('x', 'a', false)
    ledger.note('x', 'b', false)
    ledger.note('y', 'c', false)
    await clock.advance(500)
    ledger.note('x', 'b', false)
    expect([...ledger.olderThan(501)]).toEqual([])
    expect([...ledger.olderThan(500)].sort()).toEqual([
      ['x', ['a']],
      ['y', ['c']],
    ])
    await clock.advance(500)
    expect(new Map(ledger.olderThan(500)).get('x')).toEqual(['a', 'b'])
  })
})
