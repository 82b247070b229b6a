import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Call } from '../../emulators/route53/calls.js'
import { hosts, startWorld, type World } from '../support/world.js'

/** A proxy in between, or a wrong endpoint, answers 200 with something else than Route 53 would. */

let world: World
beforeEach(async () => {
  world = await startWorld({ timing: { waitMs: 1500, closeMs: 100 } })
})
afterEach(() => world.close())

const bodies = {
  'an HTML page': '<html><body>Welcome</body></html>',
  nothing: '',
  'XML of somebody else': '<?xml version="1.0"?><Welcome/>',
}
const actions = ['ListHostedZones', 'ListResourceRecordSets', 'ChangeResourceRecordSets'] as const

it.each(
  actions.flatMap((action) => Object.entries(bodies).map(([what, body]) => [action, what, body] as const)),
)(
  '%s is answered 200 with %s: 911, the log says that no Route 53 answered, and it goes on when one does',
  async (action, _, body) => {
    const isIt = (call: Call) => call.action === action
    const stop = world.route53.inject({
      kind: 'raw',
      status: 200,
      body,
      on: isIt,
      times: Number.POSITIVE_INFINITY,
    })
    const answer = await world.register(hosts.home)
    expect(`${answer.status} ${answer.body}`).toBe('503 911')
    expect(world.printed()).toMatch(/is no Route 53|XML parse error|char '/)
    stop()
    await expect.poll(() => world.held(hosts.home.user), { timeout: 10_000 }).toEqual(['203.0.113.7'])
  },
)
