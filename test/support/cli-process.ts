import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The built command of the package. */
export const entry = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** How a command ended. */
export interface CliResult {
  readonly status: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs `dyndns53` with these arguments, this environment and PATH, nothing else. */
export function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<CliResult> {
  return run(process.execPath, [entry, ...args], env, cwd)
}

/** Runs a line of the shell in which `dyndns53` is the command. */
export function runShell(
  line: string,
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<CliResult> {
  const command = `dyndns53() { "$NODE" "$ENTRY" "$@"; }; ${line}`
  return run('/bin/sh', ['-c', command], { ...env, NODE: process.execPath, ENTRY: entry }, cwd)
}

function run(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<CliResult> {
  if (!existsSync(entry)) throw new Error('dist/cli.js is missing: npm run build')
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const stdout: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(stdout), stderr }))
  })
}
