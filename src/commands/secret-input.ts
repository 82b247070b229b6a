import type { CommandContext } from './context.js'
import { readLocalFile } from './database/local-file.js'

/**
 * A secret as an option gives it: itself; or for `-` the line that the person types at the terminal, or else all of standard
 * input without a last line end.
 */
export async function readSecret(given: string, { readLine }: CommandContext): Promise<string> {
  if (given !== '-') return given
  const typed = await readLine('Token: ')
  return typed ?? (await readLocalFile('-')).toString().replace(/\r?\n$/, '')
}
