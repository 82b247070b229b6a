import { describe, expect, it } from 'vitest'
import { refused, type UpdateOutcome } from '../../src/registrar/record.js'
import { answer, answerOutdated, isAllOf, outcomeOf } from '../../src/registrar/record-queue.js'
import { settled } from '../net/fake-clock.js'
import { createAsking, first, second, wanted } from './asking.js'

const good: UpdateOutcome = { kind: 'good', address: first, changeId: 'C1' }
const superseded = { kind: 'unavailable', cause: 'superseded', reason: expect.stringContaining('newer') }

describe('outcomeOf', () => {
  it('tells everybody who waits, once', async () => {
    const { add, clock } = createAsking()
    const { record, heard } = add('a')
    const other: UpdateOutcome[] = []
    void outcomeOf(record, record.desired.target, 20_000, clock).then((outcome) => other.push(outcome))
    answer(record, record.desired, good)
    answer(record, record.desired, refused('rejected', 'too late'))
    await settled()
    expect([heard, other]).toEqual([[good], [good]])
    expect([clock.timers, record.waiters.size]).toEqual([0, 0])
  })

  it('says unavailable after the waiting time, and the others go on waiting', async () => {
    const { add, clock } = createAsking()
    const { record, heard } = add('a')
    await clock.advance(19_999)
    const late: UpdateOutcome[] = []
    void outcomeOf(record, record.desired.target, 20_000, clock).then((outcome) => late.push(outcome))
    expect(heard).toEqual([])
    await clock.advance(1)
    expect(heard).toEqual([{ kind: 'unavailable', cause: 'late', reason: expect.any(String) }])
    expect(record.waiters.size).toBe(1)
    answer(record, record.desired, good)
    await settled()
    expect(heard).toHaveLength(1)
    expect(late).toEqual([good])
  })

  it('names the last fault when the time is up', async () => {
    const { add, clock } = createAsking()
    const { record, heard } = add('a')
    record.lastFault = { kind: 'throttled', message: 'Throttling: Rate exceeded' }
    await clock.advance(20_000)
    const reason = expect.stringContaining('Rate exceeded')
    expect(heard).toEqual([{ kind: 'unavailable', cause: 'throttled', reason }])
  })
})

describe('a record that is asked for again', () => {
  it('takes the newer address in its place, and those who asked for the older hear so', async () => {
    const { add, again, order } = createAsking()
    const older = add('a', first)
    add('b')
    const newer = again(older, second)
    await settled()
    expect(order()).toBe('ab')
    expect(newer.record.desired).toEqual(wanted('a', second))
    expect([older.heard, newer.heard]).toEqual([[superseded], []])
  })

  it('lets those who ask for the same wait together', async () => {
    const { add, again } = createAsking()
    const older = add('a', first)
    const newer = again(older, first)
    await settled()
    expect(older.heard).toEqual([])
    answer(newer.record, wanted('a'), good)
    await settled()
    expect([older.heard, newer.heard]).toEqual([[good], [good]])
  })

  it('through any number of addresses tells those who asked for something else at once', async () => {
    const { add, again } = createAsking()
    const asked = [add('a', first)]
    for (const address of [first, second, first]) asked.push(again(asked[0] as never, address))
    await settled()
    expect(asked.map(({ heard }) => heard)).toEqual([[superseded], [superseded], [superseded], []])
  })

  it('keeps what is known of the name', () => {
    const { add, again } = createAsking()
    const older = add('a', first)
    Object.assign(older.record, { lostWrite: [first], suspects: { isGuilty: false } })
    expect(again(older, second).record).toMatchObject({ lostWrite: [first], suspects: { isGuilty: false } })
  })

  it('while it is written tells those of the older what became of it, and then that theirs came too late', async () => {
    const { add, again, queue, order } = createAsking()
    const older = add('a', first)
    add('b')
    const taken = queue.takeDue(2)
    for (const record of taken) record.isInFlight = true
    add('c')
    const newer = again(older, second)
    await settled()
    expect([older.heard, newer.heard]).toEqual([[], []])
    answer(older.record, wanted('a', first), good)
    expect(isAllOf(older.record, wanted('a', first))).toBe(false)
    answerOutdated(older.record)
    queue.requeue(taken)
    await settled()
    expect(order()).toBe('abc')
    expect([older.heard, newer.heard]).toEqual([[good], []])
  })

  it('while it is tried in vain tells those of the older that something newer came', async () => {
    const { add, again } = createAsking()
    const older = add('a', first)
    older.record.isInFlight = true
    const newer = again(older, second)
    answerOutdated(older.record)
    await settled()
    expect([older.heard, newer.heard]).toEqual([[superseded], []])
  })

  it('is not only watched any more, and is due at once', () => {
    const { add, again } = createAsking()
    const watched = add('a', first)
    Object.assign(watched.record, { isWatched: true, notBeforeMs: 90_000 })
    expect(again(watched, first).record).toMatchObject({ isWatched: false, notBeforeMs: 0 })
  })
})
