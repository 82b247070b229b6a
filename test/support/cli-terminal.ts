import { spawn, spawnSync } from 'node:child_process'
import { entry } from './cli-process.js'
import type { ProcessWorld } from './processes.js'

/** Whether this machine has util-linux's `script`, which makes terminals. */
export const hasTerminals = String(spawnSync('script', ['--version']).stdout).includes('util-linux')

/** How a command at a terminal ended. */
export interface TerminalResult {
  readonly status: number
  /** All that stood on the terminal, what was typed included. */
  readonly printed: string
  /** Whether the terminal is set as it was before. */
  readonly isSane: boolean
}

/** Runs `dyndns53` at a terminal and types `keys` when it asks: the first at the first question, and so on. */
export async function runAtTerminal(
  { env, directory }: ProcessWorld,
  args: readonly string[],
  ...keys: readonly string[]
): Promise<TerminalResult> {
  // The shell lives on after a Ctrl-C, and the command does not inherit its trap.
  const line = `trap : INT; before=$(stty -g); "$NODE" "$ENTRY" ${args.join(' ')}; status=$?
    test "$before" = "$(stty -g)"; echo "[status $status terminal $?]"`
  const child = spawn('script', ['--quiet', '--command', line, '/dev/null'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], SHELL: '/bin/sh', NODE: process.execPath, ENTRY: entry, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let printed = ''
  let asked = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk
    const questions = printed.split(/\[y\/N\] |Token: /).length - 1
    for (; asked < questions; asked++) child.stdin.write(keys[asked] ?? '')
  })
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  const [, status, sanity] = /\[status (\d+) terminal (\d+)\]/.exec(printed) ?? []
  return { status: Number(status), printed, isSane: sanity === '0' }
}
