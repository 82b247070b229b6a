import type { Environment } from '../config/variable.js'

/** Text in bold; commander takes it away again where its output takes no colours. */
export const bold = (text: string) => `\x1b[1m${text}\x1b[22m`

/** Text in a colour of the terminal's own palette. */
export const colours = {
  green: (text: string) => `\x1b[32m${text}\x1b[39m`,
  red: (text: string) => `\x1b[31m${text}\x1b[39m`,
  yellow: (text: string) => `\x1b[33m${text}\x1b[39m`,
  dim: (text: string) => `\x1b[2m${text}\x1b[22m`,
} as const

/**
 * Whether output takes colours: only on a terminal that has any, and never where NO_COLOR is set to anything but
 * nothing (no-color.org).
 */
export function takesColours(env: Environment, isTerminal: boolean): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}
