import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../hostile/wire.js'
import { findPostgres, startPostgres, type TestPostgres } from '../support/postgres.js'
import { describePostgres, type Member, startCluster } from './cluster.js'

let postgres: TestPostgres
beforeAll(async () => {
  if (findPostgres()) postgres = await startPostgres()
})
afterAll(() => postgres?.close())

describePostgres('a lockout', () => {
  it('counts the failed logins of all processes, and outlives them', async () => {
    const cluster = await startCluster(postgres, 2, { DYNDNS_LOGIN_FAILURES: '4' })
    try {
      const [host, other] = cluster.hosts as [(typeof cluster.hosts)[0], (typeof cluster.hosts)[0]]
      const guess = (at: Member, from: string) => at.register({ ...host, token: 'wrong' }, from)
      const [first, second] = [await cluster.add(), await cluster.add()]
      for (const at of [first, second, first, second])
        expect((await guess(at, '203.0.113.66')).status).toBe(401)
      const isLockedOut = async (at: Member, from: string) => (await at.register(other, from)).status === 503
      await eventually(
        async () => (await isLockedOut(first, '203.0.113.66')) && isLockedOut(second, '203.0.113.66'),
      )
      expect(await isLockedOut(first, '203.0.113.67')).toBe(false)
      for (const { process } of [first, second]) process.child.kill('SIGKILL')
      const third = await cluster.add()
      await eventually(() => isLockedOut(third, '203.0.113.66'))
      expect(await isLockedOut(third, '203.0.113.67')).toBe(false)
      // With the database away, it counts by itself.
      third.proxy.refuse()
      for (let guesses = 0; guesses < 4; guesses++) await guess(third, '203.0.113.68')
      expect(await isLockedOut(third, '203.0.113.68')).toBe(true)
    } finally {
      await cluster.close()
    }
  }, 90_000)
})
