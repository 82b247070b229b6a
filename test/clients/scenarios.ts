import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Client, Machine } from './client.js'
import { type Household, hasIpv6, startHousehold } from './household.js'

/** What every client has to live through; returns the household of the tests around it, which is there in a test. */
export function itKeepsHostsUpToDate(client: Client): () => Household {
  const { words } = client
  let home: Household
  beforeAll(async () => {
    home = await startHousehold()
  })
  afterAll(() => home.close())
  const install = (): Promise<Machine> => {
    home.address = '127.0.0.1'
    return client.install(home)
  }

  it.each(['/nic/update', '/register_ip'] as const)('registers, rests and follows by %s', async (path) => {
    const machine = await install()
    const host = home.newHost()
    const errand = { hosts: [host], path }
    expectWords(await machine.update(errand), words.registered([host], '127.0.0.1'))
    expect(home.held(host)).toEqual(['127.0.0.1'])

    const writes = home.writes()
    expectWords(await machine.update(errand), words.kept(host, '127.0.0.1'))
    const forgetful = await install()
    expectWords(await forgetful.update(errand), words.held(host, '127.0.0.1'))
    expect(home.writes()).toBe(writes)

    home.address = '127.0.0.2'
    expectWords(await machine.update(errand), words.registered([host], '127.0.0.2'))
    expect(home.held(host)).toEqual(['127.0.0.2'])
  })

  it.each(['/nic/update', '/register_ip'] as const)('is told of a wrong token by %s', async (path) => {
    const machine = await install()
    const host = home.newHost()
    const log = await machine.update({ hosts: [host], path, token: 'mistyped' })
    expectWords(log, words.wrongToken)
    expect(log).not.toMatch(words.success)
    expect(home.held(host)).toEqual([])

    expectWords(await machine.update({ hosts: [host], path }), words.registered([host], '127.0.0.1'))
    expect(home.held(host)).toEqual(['127.0.0.1'])
  })

  it('updates several hosts, a wildcard among them', async () => {
    const machine = await install()
    const [one, other] = [home.newHost(), home.newHost()]
    const hosts = [one, other, `*.${one}`]
    expectWords(await machine.update({ hosts }), words.registered(hosts, '127.0.0.1'))
    expect(hosts.map((host) => home.held(host))).toEqual(hosts.map(() => ['127.0.0.1']))
  })

  it('publishes the address that it is given, and of the other family nothing', async () => {
    const machine = await install()
    const host = home.newHost()
    for (const address of ['198.51.100.7', '2001:db8::7', '2001:db8::8']) {
      expectWords(await machine.update({ hosts: [host], address }), words.registered([host], address))
    }
    expect(home.held(host)).toEqual(['198.51.100.7'])
    expect(home.held(host, 'AAAA')).toEqual(['2001:db8::8'])
  })

  it.skipIf(!hasIpv6).each(['/nic/update', '/register_ip'] as const)(
    'registers from IPv6 by %s',
    async (path) => {
      const machine = await install()
      home.address = '::1'
      const host = home.newHost()
      expectWords(await machine.update({ hosts: [host], path }), words.registered([host], '::1'))
      expect(home.held(host, 'AAAA')).toEqual(['::1'])
      expect(home.held(host)).toEqual([])
    },
  )

  return () => home
}

/** What clients have to live through that ask for their address; `home` is there in a test. */
export function itAsksForItsAddress(client: Client, home: () => Household): void {
  it.each(['/check_ip', '/check_ip?format=dyn', '/checkip'])('reads its address in %s', async (checkIp) => {
    const machine = await client.install(home())
    home().address = '127.0.0.3'
    const host = home().newHost()
    const log = await machine.update({ hosts: [host], checkIp })
    expectWords(log, client.words.registered([host], '127.0.0.3'))
    expect(home().held(host)).toEqual(['127.0.0.3'])
  })
}

/** Expects that each of the patterns is in the log. */
export function expectWords(log: string, patterns: readonly RegExp[]): void {
  for (const pattern of patterns) expect(log).toMatch(pattern)
}
