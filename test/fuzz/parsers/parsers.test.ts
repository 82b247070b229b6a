import { it } from 'vitest'
import { propertyRuns } from '../../support/property-runs.js'
import { parsers } from './all.js'

it.each(parsers)(
  '$name',
  async ({ run }) => {
    await run(53, propertyRuns(20_000))
  },
  300_000,
)
