import { describe, expect, it } from 'vitest'
import { createRateLimiter } from '../../src/http/tarpit.js'

/** What `acquire` says at each of these milliseconds, with 4 permits per second and nobody waiting above 500 ms. */
function waits(...arrivalsMs: number[]): (number | undefined)[] {
  let now = 0
  const limiter = createRateLimiter({ perSecond: 4, maxWaitMs: 500 }, () => now)
  return arrivalsMs.map((ms) => {
    now = ms
    return limiter.acquire()
  })
}

describe('the rate limiter', () => {
  it.each<[string, number[], (number | undefined)[]]>([
    ['the first does not wait', [0], [0]],
    ['as many as a second has may come at once', [0, 0, 0, 0], [0, 0, 0, 0]],
    ['the next wait for one another', [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 250, 500]],
    ['beyond, there is no permit', Array(8).fill(0), [0, 0, 0, 0, 250, 500, undefined, undefined]],
    [
      'whoever got none took none from those who come later',
      [...Array(9).fill(0), 250, 250],
      [0, 0, 0, 0, 250, 500, undefined, undefined, undefined, 500, undefined],
    ],
    ['evenly spaced, nobody ever waits', [0, 250, 500, 750, 1000, 1250, 1500], Array(7).fill(0)],
    ['a pause gives back as many as it lasted', [0, 0, 0, 0, 500, 500, 500], [0, 0, 0, 0, 0, 0, 250]],
    [
      'a long one gives back no more than a second has',
      [0, 9000, 9000, 9000, 9000, 9000],
      [0, 0, 0, 0, 0, 250],
    ],
  ])('%s', (_, arrivalsMs, expected) => {
    expect(waits(...arrivalsMs)).toEqual(expected)
  })
})
