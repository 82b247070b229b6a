import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routerTypes } from '../../src/setups/router-types.js'
import { hasProgram, makeFolder, runLine } from '../deploy/shell.js'
import { runCli } from '../support/cli-process.js'
import { hasTerminals } from '../support/cli-terminal.js'

/** Makes a folder with the script for `shell`, and a file `hosts.csv` to be found. */
async function makeShellFolder(shell: string): Promise<string> {
  const folder = await makeFolder()
  const { status, stdout } = await runCli(['completion', shell], {})
  expect(status).toBe(0)
  await writeFile(join(folder, 'script'), stdout)
  await writeFile(join(folder, 'hosts.csv'), '')
  return folder
}

/** What is offered for the last word of `line`. */
type Offer = (folder: string, line: string) => Promise<string[]>

const offers: Record<string, Offer> = {
  bash: async (folder, line) => {
    const words = line.split(' ').map((word) => `'${word}'`)
    const ask = `source ./script; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _dyndns53
      printf '%s\\n' "\${COMPREPLY[@]}"`
    return wordsOf((await runLine(ask, folder, {}, 'bash')).printed)
  },
  fish: async (folder, line) => {
    const { printed } = await runLine(
      `fish --no-config -c 'source ./script; complete -C "${line}"'`,
      folder,
      { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    )
    return wordsOf(printed.replace(/\t.*$/gm, ''))
  },
}

function wordsOf(printed: string): string[] {
  return printed.split('\n').filter(Boolean).sort()
}

const shells = Object.entries(offers).map(([shell, offer]) => ({ shell, offer, isHere: hasProgram(shell) }))

it.runIf(process.env['CLIENTS_REQUIRED']).each(['bash', 'zsh', 'fish'])('%s is installed', (shell) => {
  expect(hasProgram(shell)).toBe(true)
})

describe.each(shells)('completion in $shell (here: $isHere)', ({ shell, offer, isHere }) => {
  it.skipIf(!isHere)('offers commands, options and the values that are known', async () => {
    const folder = await makeShellFolder(shell)
    expect(await offer(folder, 'dyndns53 ro')).toEqual(['rotate-token', 'router'])
    expect(await offer(folder, 'dyndns53 list-hosts --j')).toEqual(['--json'])
    expect(await offer(folder, 'dyndns53 status --st')).toEqual(['--stale'])
    const types = routerTypes.map(({ type }) => type).sort()
    expect(await offer(folder, 'dyndns53 router home.example.com --type ')).toEqual(types)
    expect(await offer(folder, 'dyndns53 completion ')).toEqual(
      expect.arrayContaining(['bash', 'fish', 'zsh']),
    )
    expect(await offer(folder, 'dyndns53 help upl')).toEqual(['upload-database'])
  })
})

describe('completion in zsh', () => {
  it.skipIf(!hasProgram('zsh') || !hasTerminals).each([
    ['dyndns53 rout\t', 'router'],
    ['dyndns53 list-hosts --j\t', 'list-hosts --json'],
    ['dyndns53 router home.example.com --type frit\t', 'router home.example.com --type fritzbox'],
    ['dyndns53 completion f\t', 'completion fish'],
    ['dyndns53 help upl\t', 'help upload-database'],
    ['dyndns53 upload-database hos\t', 'upload-database hosts.csv'],
  ])('makes a whole of %j', async (typed, words) => {
    const folder = await makeShellFolder('zsh')
    const setUp = 'dyndns53() { print "ran:$*:" }; autoload -U compinit; compinit -u; source ./script\n'
    expect(await typeToZsh(folder, [setUp, `${typed}\n`, 'exit\n'])).toContain(`ran:${words}:`)
  })
})

const prompt = '[ready] '

/** What stands on a terminal at which this is typed to zsh. */
async function typeToZsh(folder: string, lines: readonly string[]): Promise<string> {
  const child = spawn('script', ['--quiet', '--command', 'zsh -f -i', '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', HOME: folder, TERM: 'xterm', PS1: prompt },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    // Once, when the line editor is there; it reads what has been typed ahead.
    if (!printed.includes(prompt) && `${printed}${chunk}`.includes(prompt)) child.stdin.write(lines.join(''))
    printed += chunk
  })
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  return printed
}

it('an unknown shell is refused', async () => {
  const { status, stderr } = await runCli(['completion', 'powershell'], {})
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('bash, zsh, fish') })
})
