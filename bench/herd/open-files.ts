import { execFileSync } from 'node:child_process'

/** What a process needs beside a socket for each modem. */
const otherFiles = 100

/** Throws what to do when a process may not open a file for each modem. */
export function requireOpenFiles(modems: number): void {
  const said = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  const needed = modems + otherFiles
  if (said === 'unlimited' || Number(said) >= needed) return
  throw new Error(`${modems} modems need ${needed} open files, and ulimit -n is ${said}: ulimit -n ${needed}`)
}
