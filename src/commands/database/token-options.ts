import type { Command } from 'commander'
import { beginsAsDigest, guessableBelow, parseTokenCell } from '../../hosts/token.js'
import type { CommandContext } from '../context.js'
import { readSecret } from '../secret-input.js'

/** The options of a command that gives tokens to hosts. */
export interface TokenOptions {
  /** The token that was asked for; a new one is made without it. */
  readonly token?: string
  /** Whether the database is to hold only a digest. */
  readonly hash?: true
  readonly json?: true
}

/** Adds the options to a command. */
export function withTokenOptions(command: Command): Command {
  return command
    .option(
      '--token <TOKEN>',
      'this token, or - for the one on standard input (default: a new one of 144 random bits in 24 characters)',
    )
    .option('--hash', 'keep only a digest of the token, so that nobody can read it in the database')
    .option('--json', 'write JSON')
}

/**
 * The options with the token itself, which is read where it is on standard input. Ends the command as wrongly used if no
 * database can hold it; warns where it is unwise.
 */
export async function readChosenToken(
  options: TokenOptions,
  hosts: number,
  command: Command,
  context: CommandContext,
): Promise<TokenOptions> {
  if (options.token === undefined) return options
  const token = await readSecret(options.token, context)
  const problem = problemOf(token)
  if (problem !== undefined) command.error(`error: the token ${problem}`)
  for (const advice of adviceOn(token, hosts)) context.say(`warning: ${advice}`)
  return { ...options, token }
}

function problemOf(token: string): string | undefined {
  if (beginsAsDigest(token)) return 'begins with sha256: as a digest does'
  const cell = parseTokenCell(token)
  if ('problem' in cell) return cell.problem
  if (/[\r\n]/.test(token)) return 'has a line break'
  // Node.js decodes to it what is not UTF-8.
  return token.includes('\ufffd') ? 'is not UTF-8 text' : undefined
}

function* adviceOn(token: string, hosts: number): Generator<string> {
  if (!/^[\w-]*$/.test(token)) {
    yield 'many routers put the token into a URL or a file as it is: only letters, digits, - and _ get through everywhere'
  }
  if (/^\s|\s$/.test(token)) yield 'the token begins or ends with a blank, which counts as a part of it'
  if (token.length > 24) yield 'some routers take no more than 24 characters as a token'
  if (token.length < guessableBelow) {
    yield `a token of fewer than ${guessableBelow} characters can be guessed: leave --token out, and a good one is made`
  }
  if (hosts > 1) yield 'whoever learns a token that several hosts share can move all of them'
}
