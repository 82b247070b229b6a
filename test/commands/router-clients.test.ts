import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { routerTypes } from '../../src/setups/router-types.js'
import { type Client, describeClient } from '../clients/client.js'
import { ddclient } from '../clients/ddclient.js'
import { curl } from '../clients/fetchers.js'
import { inadyn } from '../clients/inadyn.js'
import { endPrograms, startProgram } from '../clients/program.js'
import { csvLine, oddToken, type RouterWorld, startRouterWorld } from './router-world.js'

/** The address that clients on this machine call from. */
const ownAddress = '127.0.0.1'

/** How a client is run once with the file that is printed for it; resolves with all that it said. */
type Run = (file: string, directory: string, host: string) => Promise<string>

const runs: readonly [string, Client, Run][] = [
  [
    'ddclient',
    ddclient,
    async (file, directory) => {
      await writeFile(join(directory, 'ddclient.conf'), file, { mode: 0o600 })
      const args = [
        '-foreground',
        '-noquiet',
        '-verbose',
        '-file',
        'ddclient.conf',
        '-cache',
        'ddclient.cache',
      ]
      return startProgram('ddclient', args, directory).ended
    },
  ],
  [
    'inadyn',
    inadyn,
    async (file, directory, host) => {
      // It refuses a loopback address otherwise, and without a cache would look the host up in the DNS.
      await writeFile(join(directory, 'inadyn.conf'), `verify-address = false\n${file}`, { mode: 0o600 })
      await mkdir(join(directory, 'cache'))
      await writeFile(join(directory, 'cache', `${host}.cache`), '192.0.2.255')
      const args = ['--once', '-n', '--no-pidfile', '-l', 'info', '--cache-dir', 'cache', '-f', 'inadyn.conf']
      return startProgram('inadyn', args, directory).ended
    },
  ],
  [
    'curl',
    curl,
    async (file, directory) => {
      await writeFile(join(directory, '.dyndns53'), file, { mode: 0o600 })
      const [, line = ''] = /^# \*\/10 \* \* \* \* (.+)\n/.exec(file) ?? []
      return startProgram('sh', ['-c', line], directory).ended
    },
  ],
]

const tokens = [
  ['a token as the command makes it', 'plain', 'Vq3xT8-nLw_0fKz2RbYd61Ma'],
  ['a token of odd characters', 'odd', oddToken],
  ['a wildcard', '*', 'Vq3xT8-nLw_0fKz2RbYd61Ma'],
] as const

let world: RouterWorld
beforeAll(async () => {
  const lines = runs.flatMap(([type]) =>
    tokens.map(([, label, token]) => csvLine(`${label}.${type}.example.com`, token)),
  )
  world = await startRouterWorld(lines.join(''))
})
afterAll(async () => {
  endPrograms()
  await world.close()
})

for (const [type, client, run] of runs) {
  describeClient(client, () => {
    it.each(tokens)('registers with what is printed for it: %s', async (_, label) => {
      const host = `${label}.${type}.example.com`
      const log = await run(await world.file(host, type), await world.newDirectory(), host)
      for (const words of client.words.registered([host], ownAddress)) expect(log).toMatch(words)
      expect(world.held(host)).toEqual([ownAddress])
    })
  })
}

it('the types that are said to be run are these', () => {
  const said = routerTypes.filter(({ evidence }) => evidence === 'run').map(({ type }) => type)
  expect(said).toEqual(runs.map(([type]) => type))
})
