import { expect, it } from 'vitest'
import { describeClient } from './client.js'
import { answersTo, neighbour } from './household.js'
import { inadyn, startInadyn } from './inadyn.js'
import { itAsksForItsAddress, itKeepsHostsUpToDate } from './scenarios.js'

describeClient(inadyn, () => {
  const home = itKeepsHostsUpToDate(inadyn)
  itAsksForItsAddress(inadyn, home)

  it('sends a request for each of several hosts', async () => {
    const machine = await inadyn.install(home())
    home().address = '127.0.0.5'
    await machine.update({ hosts: [home().newHost(), home().newHost()] })
    await expect.poll(() => answersTo('127.0.0.5', home()), { timeout: 10_000 }).toEqual([200, 200])
  })

  it('follows the address as a daemon', async () => {
    home().address = '127.0.0.1'
    const host = home().newHost()
    const { child, hears } = await startInadyn(home(), await home().newDirectory(), { hosts: [host] })
    await hears(/Successful alias table update for .* => new IP# 127\.0\.0\.1\n/)
    expect(home().held(host)).toEqual(['127.0.0.1'])
    child.kill('SIGUSR2') // look at check_ip
    await hears(/No IP# change detected for .*, still at 127\.0\.0\.1\n/)
    home().address = '127.0.0.2'
    child.kill('SIGUSR2')
    await hears(/Successful alias table update for .* => new IP# 127\.0\.0\.2\n/)
    expect(home().held(host)).toEqual(['127.0.0.2'])
    const writes = home().writes()
    child.kill('SIGUSR1') // send it, changed or not
    await hears(/Update forced for alias .*Successful alias table update for .* => new IP# 127\.0\.0\.2\n/s)
    expect(home().writes()).toBe(writes)
  })

  it('outlives the host of somebody else, says its word, and keeps the host before it', async () => {
    home().address = '127.0.0.1'
    const host = home().newHost()
    const errand = { hosts: [host, neighbour] }
    const { child, hears } = await startInadyn(home(), await home().newDirectory(), errand)
    await hears(/Successful alias table update for .* => new IP# 127\.0\.0\.1\n/)
    await hears(/Temporary error in DDNS server response:( .|\n.*\[500 Internal Server Error\] nohost\n)/)
    await hears(/Will retry again in 600 sec/)
    expect(child.exitCode).toBeNull()
    expect(home().held(host)).toEqual(['127.0.0.1'])
  })

  it('outlives a wrong token only with --continue-on-error, as UniFi runs it', async () => {
    const errand = { hosts: [home().newHost()], token: 'mistyped' }
    const mortal = await startInadyn(home(), await home().newDirectory(), errand)
    await mortal.hears(/Error response from DDNS server, exiting!/)
    await mortal.ended
    const immortal = await startInadyn(home(), await home().newDirectory(), errand, ['--continue-on-error'])
    await immortal.hears(/Error response from DDNS server, ignoring/)
    expect(immortal.child.exitCode).toBeNull()
  })
})
