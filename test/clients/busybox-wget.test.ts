import { expect, it } from 'vitest'
import { basic } from '../support/world.js'
import { describeClient } from './client.js'
import { busyboxWget } from './fetchers.js'
import { token } from './household.js'
import { startProgram } from './program.js'
import { itKeepsHostsUpToDate } from './scenarios.js'

describeClient(busyboxWget, () => {
  const home = itKeepsHostsUpToDate(busyboxWget)

  it('posts a form, with a header of its own making', async () => {
    const host = home().newHost()
    const args = [
      ...['wget', '-q', '-O', '-', '--header', `Authorization: ${basic({ user: host, token })}`],
      ...['--post-data', `hostname=${host}&myip=198.51.100.7`, `http://${home().authority}/nic/update`],
    ]
    const log = await startProgram('busybox', args, await home().newDirectory()).ended
    expect(log.trim()).toBe('good 198.51.100.7')
    expect(home().held(host)).toEqual(['198.51.100.7'])
  })
})
