import { it } from 'vitest'
import { parsers } from './all.js'

it.each(parsers)(
  '$name',
  async ({ run, cases }) => {
    await run(53, cases)
  },
  300_000,
)
