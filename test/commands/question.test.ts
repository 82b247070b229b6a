import { writeFile } from 'node:fs/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { bucket, closeProcessWorlds, key, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const two = 'home.example.com,T0KEN-1\ncabin.example.com,T0KEN-2\n'
const one = 'home.example.com,T0KEN-1\n'

/** A world in which an upload, and a removal, take one of two hosts away. */
async function createWorld() {
  const world = await startProcessWorld()
  world.s3.put(bucket, key, two)
  await writeFile(world.file('hosts.csv'), one)
  return world
}

const commands = [
  ['upload-database', 'hosts.csv'],
  ['remove-host', 'cabin.example.com'],
] as const

// Skipped where util-linux's script is missing.
describe.skipIf(!hasTerminals)('at a terminal', { concurrent: true }, () => {
  it.each(commands)('%s names the host and asks; a yes does it', async (...args) => {
    const world = await createWorld()
    const { status, printed, isSane } = await runAtTerminal(world, args, 'y\n')
    expect({ status, isSane, stored: world.stored() }).toEqual({ status: 0, isSane: true, stored: one })
    expect(printed).toContain(
      '- cabin.example.com\r\n1 host would vanish from s3://dyndns.example.com/database.csv.',
    )
    expect(printed).not.toContain('T0KEN')
  })

  it.each([
    ['no', 'n\n', /nothing was written/],
    ['a bare return', '\n', /nothing was written/],
    ['something else', 'yeah, no\n', /nothing was written/],
    ['Ctrl-C', '\x03', /interrupted, and nothing was written/],
    ['Ctrl-C in the middle of a word', 'ye\x03', /interrupted, and nothing was written/],
    ['the end of the input', '\x04', /nothing was written/],
  ])('%s leaves the database as it is, and the terminal too', async (_, keys, message) => {
    const world = await createWorld()
    for (const args of commands) {
      const { status, printed, isSane } = await runAtTerminal(world, args, keys)
      expect({ status, isSane, stored: world.stored() }).toEqual({ status: 1, isSane: true, stored: two })
      expect(printed).toMatch(message)
      expect(printed).not.toMatch(/\n\s+at /)
    }
  })

  it('does not ask with --yes, nor when no host vanishes', async () => {
    const world = await createWorld()
    const removal = await runAtTerminal(world, ['remove-host', 'cabin.example.com', '--yes'], '')
    expect(removal).toMatchObject({ status: 0, printed: expect.not.stringContaining('[y/N]') })
    await writeFile(world.file('hosts.csv'), two)
    const upload = await runAtTerminal(world, ['upload-database', 'hosts.csv'], '')
    expect(upload).toMatchObject({ status: 0, printed: expect.not.stringContaining('[y/N]') })
    expect(world.stored()).toBe(two)
  })

  it('asks once, even if somebody else is faster', async () => {
    let isFirst = true
    const world = await startProcessWorld({
      s3: {
        allow({ method }) {
          if (method === 'PUT' && isFirst) world.s3.put(bucket, key, `# other\n${two}`)
          isFirst &&= method !== 'PUT'
          return true
        },
      },
    })
    world.s3.put(bucket, key, two)
    const { status, printed } = await runAtTerminal(world, ['remove-host', 'cabin.example.com'], 'yes\n')
    expect({ status, stored: world.stored() }).toEqual({ status: 0, stored: `# other\n${one}` })
    expect(printed.split('[y/N]')).toHaveLength(2)
  })
})

describe.concurrent('without a terminal', () => {
  it.each(commands)('%s refuses, and says what to do', async (...args) => {
    const { dyndns53, stored } = await createWorld()
    const { status, stderr } = await dyndns53(...args)
    expect({ status, stored: stored() }).toEqual({ status: 1, stored: two })
    expect(stderr).toMatch(
      /^- cabin\.example\.com\ndyndns53: nothing was written: 1 host would vanish .*--yes.*\n$/,
    )
  })

  it.each(commands)('%s goes on with --yes', async (...args) => {
    const { dyndns53, stored } = await createWorld()
    expect(await dyndns53(...args, '--yes')).toMatchObject({ status: 0 })
    expect(stored()).toBe(one)
  })
})
