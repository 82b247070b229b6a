import { expect, it } from 'vitest'
import { describeClient, installedVersion } from './client.js'
import { ddclient } from './ddclient.js'
import { answersTo, neighbour } from './household.js'
import { expectWords, itAsksForItsAddress, itKeepsHostsUpToDate } from './scenarios.js'

const version = installedVersion(ddclient) ?? ''

describeClient(ddclient, () => {
  const home = itKeepsHostsUpToDate(ddclient)
  itAsksForItsAddress(ddclient, home)

  it('updates several hosts in one request', async () => {
    const machine = await ddclient.install(home())
    home().address = '127.0.0.5'
    await machine.update({ hosts: [home().newHost(), home().newHost()] })
    await expect.poll(() => answersTo('127.0.0.5', home()), { timeout: 10_000 }).toEqual([200])
  })

  // 3.11 takes the last line of an answer for all hosts.
  it.skipIf(version.startsWith('3.11'))('tells a host of its own from one that is not', async () => {
    const machine = await ddclient.install(home())
    home().address = '127.0.0.1'
    const host = home().newHost()
    const log = await machine.update({ hosts: [host, neighbour] })
    expectWords(log, [...ddclient.words.registered([host], '127.0.0.1'), /^FAILED: .*a-neighbour.*nohost/m])
    expect(home().held(neighbour)).toEqual([])
  })

  it.skipIf(/^3\.([0-9]|10)\b/.test(version))('sends both addresses at once (3.11 and later)', async () => {
    const machine = await ddclient.install(home())
    const host = home().newHost()
    const log = await machine.update({ hosts: [host], address: '198.51.100.7,2001:db8::7' })
    for (const address of ['198.51.100.7', '2001:db8::7']) {
      expectWords(log, ddclient.words.registered([host], address))
    }
    expect([...home().held(host), ...home().held(host, 'AAAA')]).toEqual(['198.51.100.7', '2001:db8::7'])
  })
})
