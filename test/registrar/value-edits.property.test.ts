import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  applyEdits,
  coversEdits,
  maxValues,
  supersedeEdits,
  type ValueEdits,
} from '../../src/registrar/value-edits.js'

const ours = fc.constantFrom(...'abcdefghijklm')
const theirs = fc.constantFrom(...'ABCDEFGHIJ')
const before = fc.uniqueArray(fc.oneof(ours, theirs), { maxLength: 12 })
const edits: fc.Arbitrary<ValueEdits> = fc.record({
  wanted: fc
    .array(fc.tuple(ours, fc.boolean()), { minLength: 1, maxLength: 12 })
    .map((list) => new Map(list)),
  droppable: fc.uniqueArray(ours),
})
const isTheirs = (value: string) => value < 'a'

it('an edited set has all values of others, none twice, and no more than fit', () => {
  fc.assert(
    fc.property(before, edits, (held, asked) => {
      const after = applyEdits(held, asked)
      if (!after) return
      expect(after.filter(isTheirs)).toEqual(held.filter(isTheirs))
      expect(new Set(after).size).toBe(after.length)
      expect(after.length).toBeLessThanOrEqual(Math.max(maxValues, held.length))
      for (const [value, isWanted] of asked.wanted) expect(after.includes(value)).toBe(isWanted)
      const lost = held.filter((value) => !after.includes(value))
      expect(
        lost.filter((value) => asked.wanted.get(value) !== false && !asked.droppable.includes(value)),
      ).toEqual([])
    }),
  )
})

it('edits that add up are bounded, have the newest, and one alone is all there', () => {
  fc.assert(
    fc.property(
      fc.array(edits, { minLength: 1, maxLength: 30 }),
      ours,
      fc.boolean(),
      (asked, value, isWanted) => {
        const newest = { wanted: new Map([[value, isWanted]]), droppable: [] }
        const all = [...asked, newest].reduce(supersedeEdits)
        expect(coversEdits(all, newest)).toBe(true)
        for (const each of [true, false]) {
          expect([...all.wanted.values()].filter((is) => is === each).length).toBeLessThanOrEqual(maxValues)
        }
      },
    ),
  )
})
