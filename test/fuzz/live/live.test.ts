import { it } from 'vitest'
import { propertyRuns } from '../../support/property-runs.js'
import { liveProperty } from './live.js'

it.each([liveProperty('heroku'), liveProperty('nothing')])(
  '$name',
  async ({ run }) => {
    await run(53, propertyRuns(200))
  },
  300_000,
)
