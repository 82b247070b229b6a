import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stepMs } from './deadline.js'
import { parseLogLine } from './log.js'

/** Everything that a process may read from its surroundings. */
export type Environment = Readonly<Record<string, string>>

/** The project's directory, in which `node dist/server.js` works. */
export const projectDirectory = fileURLToPath(new URL('..', import.meta.url))

/** Runs `node dist/cli.js` to its end. Throws what it said on standard error when it fails or takes too long. */
export async function runCli(args: string[], env: Environment, signal: AbortSignal): Promise<void> {
  const options = { cwd: projectDirectory, env, signal, timeout: stepMs }
  try {
    await promisify(execFile)(process.execPath, ['dist/cli.js', ...args], options)
  } catch (error) {
    signal.throwIfAborted()
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new Error(`${args[0]} failed: ${said || error}`)
  }
}

/** A running `node dist/server.js`. */
export interface ServerProcess {
  /** Its port, once it listens, and before it has the host database; rejects when it ends before. */
  readonly ready: Promise<number>
  /** How it ended and all its output is read: `status 0`, `signal SIGKILL`, … */
  readonly ended: Promise<string>
  /** Ends it by SIGTERM, or by SIGKILL after the time of a step; does nothing to one that has ended. */
  stop(): Promise<string>
}

/** Starts the built server; `onLogLine` gets every line that it prints. It never outlives this process's exit. */
export function startServer(env: Environment, onLogLine: (line: string) => void): ServerProcess {
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: projectDirectory,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'close').then(([status, signal]: unknown[]) => {
    process.off('exit', kill)
    return signal === null ? `status ${status}` : `signal ${signal}`
  })

  const ready = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      onLogLine(line)
      const entry = parseLogLine(line)
      if (entry?.['msg'] === 'listening') resolve(Number(entry['port']))
    })
    createInterface({ input: child.stderr }).on('line', onLogLine)
    ended.then((end) => reject(new Error(`the server ended with ${end} before it was ready`)), reject)
  })

  return {
    ready,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(kill, stepMs)
      try {
        return await ended
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
