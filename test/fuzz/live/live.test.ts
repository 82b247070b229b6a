import { it } from 'vitest'
import { liveProperty } from './live.js'

it.each([liveProperty('heroku'), liveProperty('nothing')])(
  '$name',
  async ({ run, cases }) => {
    await run(53, cases)
  },
  300_000,
)
