import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Readable } from 'node:stream'

/** A program that runs. */
export interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  /** Resolves once it says `pattern`, counted from what was heard last; rejects when it ends without. */
  hears(pattern: RegExp): Promise<void>
  /** Resolves when it has ended, with all that it said: standard output, and then standard error. */
  readonly ended: Promise<string>
}

const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin']
const running = new Set<Program['child']>()

/** The full path of a program, undefined where it is not installed. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), ...sbin]
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path))
}

/** Starts an installed program in `cwd`, which is its home too; of the environment it gets no more than `variables`, so also no proxy. */
export function startProgram(
  name: string,
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Program {
  const path = findProgram(name)
  if (!path) throw new Error(`${name} is not installed`)
  const env = { PATH: process.env['PATH'], HOME: cwd, LC_ALL: 'C', ...variables }
  const child = spawn(path, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const said = { stdout: '', stderr: '', both: '' }
  let heardUpTo = 0
  const listeners = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk
      said.both += chunk
      for (const listener of listeners) listener()
    })
  }
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`${name} cannot be started: ${error.message}`))
    child.on('close', () => {
      running.delete(child)
      resolve(`${said.stdout}\n${said.stderr}`)
    })
  })
  return {
    child,
    ended,
    hears: (pattern) =>
      new Promise((resolve, reject) => {
        const listen = () => {
          const match = pattern.exec(said.both.slice(heardUpTo))
          if (!match) return
          heardUpTo += match.index + match[0].length
          listeners.delete(listen)
          resolve()
        }
        listeners.add(listen)
        void ended.then((log) => reject(new Error(`${name} ended without saying ${pattern}:\n${log}`)))
        listen()
      }),
  }
}

/** Ends what a test left running. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGKILL')
}
