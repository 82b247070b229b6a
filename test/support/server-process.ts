import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** The built server in a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Everything it printed so far, standard error included. */
  printed(): string
  /** Resolves with the first log line whose message is `msg`; rejects when the process ends before. */
  logged(msg: string): Promise<Record<string, unknown>>
  /** Its exit status, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
}

/**
 * Spawns `node dist/server.js` with this environment and PATH, nothing else; `prefix` is a command that runs the command
 * behind it.
 */
export function spawnServer(
  env: Readonly<Record<string, string>>,
  cwd?: string,
  prefix: readonly string[] = [],
): ServerProcess {
  const entry = new URL('../../dist/server.js', import.meta.url).pathname
  if (!existsSync(entry)) throw new Error('dist/server.js is missing: npm run build')
  const [command = '', ...args] = [...prefix, process.execPath, entry]
  return watchServer(spawn(command, args, { cwd, env: { PATH: process.env['PATH'], ...env } }))
}

/** Reads what a server prints that has just been spawned by another way. */
export function watchServer(child: ChildProcessWithoutNullStreams): ServerProcess {
  let printed = ''
  const watchers = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
      for (const watcher of watchers) watcher()
    })
  }
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 0))
  })
  return {
    child,
    exited,
    printed: () => printed,
    logged: (msg) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = jsonLines(printed).find((candidate) => candidate['msg'] === msg)
          if (!line) return
          watchers.delete(look)
          resolve(line)
        }
        watchers.add(look)
        void exited.then(() => reject(new Error(`the server ended without "${msg}":\n${printed}`)))
        look()
      }),
  }
}

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}
