import { createInterface } from 'node:readline'
import { CommandError } from './context.js'

/** A secret as an option gives it: itself, or for `-` the first line of standard input. Throws a CommandError for none. */
export async function readSecret(given: string): Promise<string> {
  if (given !== '-') return given
  for await (const line of createInterface({ input: process.stdin, terminal: false })) {
    if (line !== '') return line
    break
  }
  throw new CommandError('standard input has no token in its first line')
}
