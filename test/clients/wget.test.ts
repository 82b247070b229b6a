import { expect, it } from 'vitest'
import { describeClient } from './client.js'
import { wget } from './fetchers.js'
import { answersTo } from './household.js'
import { expectWords, itKeepsHostsUpToDate } from './scenarios.js'

describeClient(wget, () => {
  const home = itKeepsHostsUpToDate(wget)

  it.each([
    { path: '/nic/update', address: '127.0.0.5' },
    { path: '/register_ip', address: '127.0.0.6' },
  ] as const)('is asked for its credentials by $path', async ({ path, address }) => {
    home().address = address
    const host = home().newHost()
    const machine = await wget.install(home())
    expectWords(await machine.update({ hosts: [host], path }), wget.words.registered([host], address))
    await expect.poll(() => answersTo(address, home()), { timeout: 10_000 }).toEqual([401, 200])
    expect(home().logged(address)).not.toContainEqual(expect.objectContaining({ msg: 'login failed' }))
  })
})
