import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeClient, installedVersion, type Machine } from './client.js'
import { ddclient } from './ddclient.js'
import { busyboxWget, curl, wget } from './fetchers.js'
import { type Household, startHousehold } from './household.js'
import { inadyn, startInadyn } from './inadyn.js'
import type { Program } from './program.js'
import { expectWords } from './scenarios.js'

const clients = [ddclient, inadyn, curl, wget, busyboxWget]
const paths = ['/nic/update', '/register_ip'] as const

/** What a client went through while Route 53 was down. */
interface Story {
  readonly machine: Machine
  readonly host: string
  readonly log: string
  /** What the zone held then. */
  readonly held: readonly string[]
}

const stories = new Map<string, Story>()
let home: Household
let daemon: { readonly host: string; readonly program: Program }

// A client waits 20 s until it is told 911: so all of them share one outage.
beforeAll(async () => {
  home = await startHousehold()
  const bringBack = await home.takeRoute53Down()
  const installed = clients.filter((client) => installedVersion(client) !== undefined)
  if (installed.includes(inadyn)) {
    const host = home.newHost()
    daemon = { host, program: await startInadyn(home, await home.newDirectory(), { hosts: [host] }) }
  }
  await Promise.all(
    installed
      .flatMap((client) => paths.map((path) => ({ client, path })))
      .map(async ({ client, path }) => {
        const machine = await client.install(home)
        const host = home.newHost()
        const log = await machine.update({ hosts: [host], path })
        stories.set(client.name + path, { machine, host, log, held: home.held(host) })
      }),
  )
  await bringBack()
}, 90_000)
afterAll(() => home.close())

for (const client of clients) {
  describeClient(client, () => {
    it.each(paths)('is told 911 by %s, and when Route 53 is back, finds it done', async (path) => {
      const story = stories.get(client.name + path)
      if (!story) return expect.unreachable()
      const { machine, host, log, held } = story
      expectWords(log, client.words.toldLater)
      expect(log).not.toMatch(client.words.success)
      expect(held).toEqual([])
      await expect.poll(() => home.held(host), { timeout: 20_000 }).toEqual(['127.0.0.1'])
      expectWords(await machine.update({ hosts: [host], path }), client.words.held(host, '127.0.0.1'))
    })

    if (client === inadyn) {
      it('lives through it as a daemon', async () => {
        const { host, program } = daemon
        await program.hears(/\[503 Service Unavailable\] 911\n.*Will retry again in 600 sec/)
        expect(program.child.exitCode).toBeNull()
        await expect.poll(() => home.held(host), { timeout: 20_000 }).toEqual(['127.0.0.1'])
        program.child.kill('SIGUSR2')
        await program.hears(
          new RegExp(`Successful alias table update for ${host} => new IP# 127\\.0\\.0\\.1`),
        )
      })
    }
  })
}
