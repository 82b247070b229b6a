import { expect, it } from 'vitest'
import { type Running, startProcessWorld } from '../support/processes.js'

/** Two built servers that know nothing of each other write to one zone, and each client goes from one to the other. */

const hosts = Array.from({ length: 200 }, (_, index) => `h${index}.example.com`)
const rounds = 4

it('every good is true at the moment it is said, with two servers and clients that alternate', {
  timeout: 120_000,
}, async () => {
  const world = await startProcessWorld({
    csv: hosts.map((host) => `${host},token-of-${host}\n`).join(''),
    zones: ['example.com'],
    env: { DYNDNS_TRUST_PROXY: '1', DYNDNS_REQUESTS_PER_SECOND: '1000', DYNDNS_CHANGES_PER_SECOND: '10000' },
  })
  try {
    const servers = await Promise.all([world.start(), world.start()])
    world.route53.latencyMs = 20
    const [zone] = world.route53.model.zones()
    const answers = new Map<string, number>()
    const untrue: string[] = []
    await Promise.all(
      hosts.map(async (user, index) => {
        for (let round = 0; round < rounds; round++) {
          const address = `203.0.${113 + round}.${index}`
          // Told 911, a client comes back with the same address; another server may be its next.
          for (let attempt = 0; ; attempt++) {
            const server = servers[(index + round + attempt) % 2] as Running
            const { status, body } = await server.register({ user, token: `token-of-${user}` }, address)
            const held = zone?.get(user, 'A').flatMap(({ values }) => values)
            answers.set(
              `${status} ${body.split(' ')[0]}`,
              (answers.get(`${status} ${body.split(' ')[0]}`) ?? 0) + 1,
            )
            if (status === 503) continue
            if (body !== `good ${address}` && body !== `nochg ${address}`) untrue.push(`${user}: ${body}`)
            if (held?.join() !== address) untrue.push(`${user}: ${body}, but Route 53 holds ${held}`)
            break
          }
        }
      }),
    )
    expect(untrue, JSON.stringify([...answers])).toEqual([])
    expect(answers.get('200 good')).toBeGreaterThan(hosts.length)
    // Each has the last address that it asked for.
    const last = hosts.map((host) =>
      zone
        ?.get(host, 'A')
        .flatMap(({ values }) => values)
        .join(),
    )
    expect(last).toEqual(hosts.map((_, index) => `203.0.${113 + rounds - 1}.${index}`))
    expect(world.route53.model.log.calls.some((call) => JSON.stringify(call).includes('UPSERT'))).toBe(false)
  } finally {
    await world.close()
  }
})
