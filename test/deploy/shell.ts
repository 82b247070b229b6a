import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

/** The folder of this project. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))

/** How a line of the shell ended. */
export interface ShellResult {
  readonly status: number | null
  /** Standard output alone. */
  readonly stdout: string
  /** Standard output and standard error. */
  readonly printed: string
}

/** Runs a line of the shell with this environment and PATH, nothing else. */
export function runLine(
  line: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  shell = '/bin/sh',
): Promise<ShellResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(shell, ['-c', line], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      printed += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, printed }))
  })
}

/** Makes an empty folder, which goes when the tests of the file are over. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dyndns53-deploy-'))
  folders.push(folder)
  return folder
}

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** The files that git has or would take, by their paths in the project. */
export function projectFiles(): string[] {
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectFolder,
    encoding: 'utf8',
  })
  const files = new Set(stdout.split('\0').filter(Boolean))
  if (files.size === 0) throw new Error('git finds no files of this project')
  return [...files]
}

/** Copies files of the project, all by default, to `folder`. What is deleted and not yet committed is passed over. */
export async function copyProject(folder: string, files: readonly string[] = projectFiles()): Promise<void> {
  for (const file of files) {
    await cp(join(projectFolder, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

/** Whether a program is on the PATH. */
export function hasProgram(name: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v "$0"', name]).status === 0
}
