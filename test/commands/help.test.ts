import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { hasTerminals, runAtTerminal } from '../support/cli-terminal.js'
import { closeProcessWorlds, startProcessWorld } from '../support/processes.js'

afterAll(closeProcessWorlds)

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const colour = '\x1b['

describe.concurrent('the command', () => {
  it('says its version', async () => {
    const { dyndns53 } = await startProcessWorld()
    const result = await dyndns53('--version')
    expect({ ...result, stdout: result.stdout.toString() }).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: '',
    })
  })

  it('says how a command is called, as the command itself does', async () => {
    const { dyndns53 } = await startProcessWorld()
    const [helped, asked] = [await dyndns53('help', 'add-host'), await dyndns53('add-host', '--help')]
    expect(helped.stdout.toString()).toMatch(/^Usage: dyndns53 add-host /)
    expect(helped).toEqual(asked)
    expect(helped).toMatchObject({ status: 0, stderr: '' })
  })

  it('lists the commands', async () => {
    const { dyndns53 } = await startProcessWorld()
    const [helped, asked] = [await dyndns53('help'), await dyndns53('--help')]
    expect(helped).toEqual(asked)
    expect(helped.stdout.toString()).toMatch(/^ {2}help \[COMMAND\] /m)
  })

  it.each([
    [['help', 'doctr'], "error: unknown command 'doctr'\n(Did you mean doctor?)\n"],
    [['add-hots'], "error: unknown command 'add-hots'\n(Did you mean add-host?)\n"],
    [['help', 'frobnicate'], "error: unknown command 'frobnicate'\n"],
    [['list-hosts', '--jsn'], "error: unknown option '--jsn'\n(Did you mean --json?)\n"],
  ])('%j: says which word is like it, exit status 2', async (args, sentence) => {
    const { dyndns53 } = await startProcessWorld()
    expect(await dyndns53(...args)).toEqual({ status: 2, stdout: Buffer.alloc(0), stderr: sentence })
  })
})

describe('colours', () => {
  it('are not in what is piped, not even where others force them', async () => {
    const { run } = await startProcessWorld()
    for (const args of [['--help'], ['doctor'], ['help', 'router']]) {
      const { stdout, stderr } = await run(args, { FORCE_COLOR: '1', CLICOLOR_FORCE: '1' })
      expect(stdout.toString() + stderr).not.toContain(colour)
    }
  })

  it.skipIf(!hasTerminals)('are on a terminal', async () => {
    const world = await startProcessWorld()
    expect((await runAtTerminal(world, ['help', 'router'], '')).printed).toContain('\x1b[1mUsage:\x1b[22m')
    const { printed } = await runAtTerminal(world, ['doctor'], '')
    expect(printed).toContain('\x1b[32mok     \x1b[39m  configuration')
    expect(printed).toContain('\x1b[31mfailed \x1b[39m  ')
  })

  it.skipIf(!hasTerminals).each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('are not on a terminal with %s=%s', async (name, value) => {
    const world = await startProcessWorld({ env: { [name]: value } })
    for (const args of [['--help'], ['doctor']]) {
      const { status, printed } = await runAtTerminal(world, args, '')
      expect([typeof status, printed]).toEqual(['number', expect.not.stringContaining(colour)])
    }
  })
})
