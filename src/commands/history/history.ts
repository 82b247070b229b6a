import type { Command } from 'commander'
import type { CallGroup } from '../../history/history.js'
import type { CommandContext } from '../context.js'
import { hostArgument } from '../host-argument.js'
import { count } from '../lists.js'
import { moment, shown, withHistory } from './open-history.js'

/** Rows of each kind that are shown. */
const maxShown = 100

/** Adds `history`. */
export function addHistoryCommand(program: Command, context: CommandContext): void {
  program
    .command('history')
    .description('write what PostgreSQL knows of a host: its calls and the changes of its addresses')
    .argument('<HOST>', 'full name, such as home.example.com', hostArgument)
    .option('--json', 'write {host, calls, changes} instead')
    .addHelpText(
      'after',
      `\nThe latest first, at most ${maxShown} of each kind. Calls that were alike are one line.`,
    )
    .action((host: string, options: { json?: true }) => showHistory(context, host, options))
}

async function showHistory(
  context: CommandContext,
  host: string,
  { json }: { readonly json?: true },
): Promise<void> {
  const { print, printJson, say } = context
  const { calls, changes } = await withHistory(context, (tables) => tables.read(host, maxShown))
  if (json) {
    await printJson({ host, calls, changes })
    return
  }
  if (calls.length + changes.length === 0) say(`nothing is known of ${host}`)
  await print(calls.map((call) => `${lineOf(call)}\n`).join(''))
  if (changes.length > 0) say('changes:')
  await print(
    changes.map(({ at, type, address }) => `${moment(at)}  ${type}  ${address ?? 'no record'}\n`).join(''),
  )
}

function lineOf({ last, first, times, outcome, wanted, from, path, userAgent, reason }: CallGroup): string {
  const repeated = times > 1 ? [`${count(times, 'time')} since ${moment(first)}`] : []
  const parts = [moment(last), outcome, shown(wanted), `from ${shown(from)}`, shown(path), shown(userAgent)]
  return [...parts, ...(reason ? [shown(reason)] : []), ...repeated].join('  ')
}
