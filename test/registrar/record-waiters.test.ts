import { describe, expect, it } from 'vitest'
import type { UpdateOutcome } from '../../src/registrar/record.js'
import { answer, keyOf, outcomeOf } from '../../src/registrar/record-queue.js'
import { settled } from '../net/fake-clock.js'
import { createAsking, first, second } from './asking.js'

const good: UpdateOutcome = { kind: 'good', address: first, changeId: 'C1' }
const superseded = { kind: 'unavailable', reason: expect.stringContaining('newer') }

describe('outcomeOf', () => {
  it('tells everybody who waits, once', async () => {
    const { ask, clock } = createAsking()
    const { record, heard } = ask('a')
    const other: UpdateOutcome[] = []
    void outcomeOf(record, 20_000, clock).then((outcome) => other.push(outcome))
    answer(record, good)
    answer(record, { kind: 'refused', reason: 'too late' })
    await settled()
    expect([heard, other]).toEqual([[good], [good]])
    expect([clock.timers, record.waiters.size]).toEqual([0, 0])
  })

  it('says unavailable after the waiting time, and the others go on waiting', async () => {
    const { ask, clock } = createAsking()
    const { record, heard } = ask('a')
    await clock.advance(19_999)
    const late: UpdateOutcome[] = []
    void outcomeOf(record, 20_000, clock).then((outcome) => late.push(outcome))
    expect(heard).toEqual([])
    await clock.advance(1)
    expect(heard).toEqual([{ kind: 'unavailable', reason: expect.any(String) }])
    expect(record.waiters.size).toBe(1)
    answer(record, good)
    await settled()
    expect(heard).toHaveLength(1)
    expect(late).toEqual([good])
  })
})

describe('a record that is superseded', () => {
  it('puts a newer address in the place of the older, whose waiters hear so', async () => {
    const { add, order, queue } = createAsking()
    const older = add('a', first)
    add('b')
    const newer = add('a', second)
    await settled()
    expect(order()).toBe('ab')
    expect(queue.get(keyOf(newer.record.desired))).toBe(newer.record)
    expect([older.heard, newer.heard]).toEqual([[superseded], []])
  })

  it('hands the waiters of the same address over to the newer record', async () => {
    const { add } = createAsking()
    const older = add('a', first)
    const newer = add('a', first)
    await settled()
    expect(older.heard).toEqual([])
    answer(newer.record, good)
    await settled()
    expect([older.heard, newer.heard]).toEqual([[good], [good]])
  })

  it.each([
    ['the same address', first],
    ['another address', second],
  ])('hands on what is known of the name when %s is asked for', (_, address) => {
    const { add } = createAsking()
    const { record } = add('a', first)
    record.unconfirmed.add(first)
    record.alone = true
    expect(add('a', address).record).toMatchObject({ unconfirmed: new Set([first]), alone: true })
  })

  it('hands them on through any number of records, and tells those who asked for something else at once', async () => {
    const { add } = createAsking()
    const asked = [first, first, second, first].map((address) => add('a', address))
    await settled()
    expect(asked.map(({ heard }) => heard)).toEqual([[superseded], [superseded], [superseded], []])
  })

  it('while it was tried leaves its place in front to the newer', async () => {
    const { add, queue, order } = createAsking()
    const older = add('a', first)
    add('b')
    const taken = queue.takeDue(2)
    add('c')
    const newer = add('a', second)
    queue.giveBack(taken)
    await settled()
    expect(order()).toBe('abc')
    expect([older.heard, newer.heard]).toEqual([[superseded], []])
    expect(queue.takeDue(1)).toEqual([newer.record])
  })

  it('while it was tried hands its waiters over when the newer asks for the same', async () => {
    const { add, queue } = createAsking()
    const older = add('a', first)
    const taken = queue.takeDue(1)
    const newer = add('a', first)
    queue.giveBack(taken)
    answer(newer.record, good)
    await settled()
    expect([older.heard, newer.heard]).toEqual([[good], [good]])
    expect(queue.size).toBe(1)
  })
})
