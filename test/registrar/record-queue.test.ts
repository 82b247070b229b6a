import { describe, expect, it } from 'vitest'
import { recordKey } from '../../src/registrar/record.js'
import { createAsking, hostsOf } from './asking.js'

describe('recordKey', () => {
  it('tells names and types apart', () => {
    const keys = [
      { name: 'a.example.com', type: 'A' },
      { name: 'a.example.com', type: 'AAAA' },
      { name: 'b.example.com', type: 'A' },
    ].map(recordKey)
    expect(new Set(keys).size).toBe(3)
  })
})

describe('adding', () => {
  it('keeps the order of coming', () => {
    const { add, order, queue } = createAsking()
    for (const name of ['c', 'a', 'b']) add(name)
    expect(order()).toBe('cab')
    expect(queue.size).toBe(3)
  })
})

describe('requeueing', () => {
  it('puts the records before those that came meanwhile', () => {
    const { add, queue, order } = createAsking()
    for (const name of ['a', 'b', 'c', 'd']) add(name)
    const taken = queue.takeDue(2)
    add('e')
    queue.requeue(taken)
    expect(order()).toBe('abcde')
  })
})

describe('taking', () => {
  it('takes the oldest that are due, and no more than asked for', async () => {
    const { add, queue, order, clock } = createAsking()
    for (const name of ['a', 'b', 'c', 'd']) add(name)
    for (const record of queue.records()) if (hostsOf([record]) === 'b') record.notBeforeMs = 1500
    expect(hostsOf(queue.takeDue(2))).toBe('ac')
    expect(hostsOf(queue.takeDue(9))).toBe('d')
    expect(hostsOf(queue.takeDue(9))).toBe('')
    expect(order()).toBe('b')
    expect(queue.nextDueInMs()).toBe(500)
    await clock.advance(500)
    expect(queue.nextDueInMs()).toBe(0)
    expect(hostsOf(queue.takeDue(9))).toBe('b')
    expect(queue.nextDueInMs()).toBe(Number.POSITIVE_INFINITY)
  })

  it('takes all', () => {
    const { add, queue } = createAsking()
    for (const name of ['a', 'b']) add(name)
    expect(hostsOf(queue.takeAll())).toBe('ab')
    expect(queue.size).toBe(0)
  })

  it('takes those that nobody asked for during a time', async () => {
    const { add, queue, order, clock } = createAsking()
    add('a')
    const { record } = add('b')
    await clock.advance(1000)
    add('c')
    record.lastAskedMs = clock.now()
    expect(hostsOf(queue.takeExpired(1000))).toBe('')
    await clock.advance(1)
    expect(hostsOf(queue.takeExpired(1000))).toBe('a')
    expect(order()).toBe('bc')
  })

  it('does not give up what is only watched', async () => {
    const { add, queue, clock } = createAsking()
    add('a').record.isWatched = true
    await clock.advance(5000)
    expect(hostsOf(queue.takeExpired(1000))).toBe('')
    expect(queue.size).toBe(1)
  })
})
