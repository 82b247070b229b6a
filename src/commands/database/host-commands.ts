import { type Command, Option } from 'commander'
import type { HostRow } from '../../hosts/csv.js'
import { appendHosts, hostLine, removeHosts } from '../../hosts/edit.js'
import { createToken, digestOfToken, hashedCell } from '../../hosts/token.js'
import { type CommandContext, CommandError } from '../context.js'
import { hostArguments } from '../host-argument.js'
import { count, firstLines } from '../lists.js'
import { aboutRouters } from '../router/router.js'
import { readSetupOptions, type SetupOptions, withSetupOptions } from '../setup/service-url.js'
import { createSheet, pageOf } from '../setup/sheet.js'
import { approve, type CurrentHosts, editHosts, refuseMissing } from './edit.js'
import { chooseRecords, type DoomedRecords, deleteRecords, type RecordOptions } from './host-records.js'
import { checkNewNames, policyAdvice } from './name-check.js'
import { readChosenToken, type TokenOptions, withTokenOptions } from './token-options.js'

interface AddOptions extends TokenOptions, SetupOptions {
  readonly force?: true
}

/** Adds `add-host` and `remove-host`. */
export function addHostCommands(program: Command, context: CommandContext): void {
  withSetupOptions(withTokenOptions(program.command('add-host')), aboutRouters, 'HOST,TOKEN is written')
    .description('add hosts to the database in S3, and write HOST,TOKEN for each')
    .argument('<HOST...>', 'full names, such as home.example.com or *.home.example.com', hostArguments)
    .option('--force', 'add them even if no hosted zone holds a name, or the AWS key may not write there')
    .addHelpText(
      'after',
      '\nMakes the database if there is none yet. A new token is shown this once.\nWhere the database holds only digests, it gets digests, as with --hash.',
    )
    .action(async (names: string[], options: AddOptions, command: Command) => {
      const setup = readSetupOptions(options, aboutRouters, command, context)
      if (setup && names.length > 1) command.error('error: --type takes one HOST')
      const chosen = await readChosenToken(options, names.length, command, context)
      await addHosts(context, names, { ...options, ...chosen }, setup)
    })
  program
    .command('remove-host')
    .description('take hosts out of the database in S3')
    .argument('<HOST...>', 'full names', hostArguments)
    .option('-y, --yes', 'do not ask')
    .option('--records', 'delete their address records in Route 53 too')
    .addOption(new Option('--keep-records', 'leave those alone').conflicts('records'))
    .addHelpText(
      'after',
      '\nThe last host cannot be taken out: the service never takes over an empty database.\n' +
        'Of the records, only a simple one of one address is deleted, and only if it is still what is shown.',
    )
    .action((names: string[], options: RecordOptions) => removeFromDatabase(context, names, options))
}

async function addHosts(
  context: CommandContext,
  names: readonly string[],
  options: AddOptions,
  setup: ReturnType<typeof readSetupOptions>,
): Promise<void> {
  const hosts = names.map((name) => ({ name, token: options.token ?? createToken() }))
  // Before anything is written: not every client takes every token.
  const [first] = hosts
  const sheet =
    setup &&
    first &&
    createSheet(setup.type, setup.service, first.name, { kind: 'plain', token: first.token })
  let isHashed = false
  const add = async (current: CurrentHosts) => {
    const missing = hosts.filter(({ name, token }) => !isOwnWork(current, name, token))
    for (const { name } of missing) refuseTaken(current, name)
    if (!current.isRetry) await checkNewNames(context, names, current.rows.keys(), options.force ?? false)
    isHashed = options.hash ?? holdsDigestsOnly(current)
    return appendHosts(
      current.bytes,
      missing.map(({ name, token }) => ({ name, cell: isHashed ? hashedCell(token) : token })),
    )
  }
  const place = await editHosts(context, add, { mayBeEmpty: true })
  context.say(`added ${count(hosts.length, 'host')} to ${place}${isHashed ? ', as digests' : ''}`)
  context.say(policyAdvice)
  if (options.json) {
    await context.printJson(hosts.map(({ name, token }) => ({ host: name, token, ...sheet?.setup })))
  } else if (sheet) await context.print(pageOf(sheet))
  else await context.print(hosts.map(({ name, token }) => `${hostLine({ name, cell: token })}\n`).join(''))
}

/** Whether an owner has seen to it that no token can be read there: a plain one would be the first. */
function holdsDigestsOnly({ rows }: CurrentHosts): boolean {
  return rows.size > 0 && [...rows.values()].every(({ token }) => token.kind === 'hashed')
}

function refuseTaken({ rows, place }: CurrentHosts, name: string): void {
  const row = rows.get(name)
  if (!row) return
  throw new CommandError(
    `nothing was added: ${name} is in ${place} already, on line ${row.line}; rotate-token gives it a new token`,
  )
}

/** Whether an earlier try has added the host, and only its answer got lost. */
function isOwnWork({ rows, isRetry }: CurrentHosts, name: string, token: string): boolean {
  const row = rows.get(name)
  return isRetry && row !== undefined && isTokenOf(row, token)
}

function isTokenOf({ token: cell }: HostRow, token: string): boolean {
  return cell.kind === 'plain' ? cell.token === token : digestOfToken(token).equals(cell.digest)
}

async function removeFromDatabase(
  context: CommandContext,
  names: readonly string[],
  options: RecordOptions,
): Promise<void> {
  let doomed: DoomedRecords | undefined
  const hosts = count(names.length, 'host')
  const place = await editHosts(context, async (current) => {
    // What an earlier try has taken out is not missed, and what was agreed to is not asked again.
    if (!current.isRetry) refuseMissing(current, names)
    refuseLast(current, names)
    if (!current.isRetry) {
      for (const line of firstLines(names.map((name) => `- ${name}`))) context.say(line)
      if (!options.yes) await approve(context, `${hosts} would vanish from ${current.place}`)
      doomed = await chooseRecords(context, names, options)
    }
    return removeHosts(current.bytes, new Set(names))
  })
  context.say(`removed ${hosts} from ${place}`)
  // Last, as the service would make them anew for a host that is still there.
  if (doomed) await deleteRecords(context, doomed)
}

/** A service that finds no host in its database goes on with those that it had. */
function refuseLast({ rows, place }: CurrentHosts, names: readonly string[]): void {
  if ([...rows.keys()].some((name) => !names.includes(name))) return
  throw new CommandError(
    `nothing was removed: ${place} would have no host left, and the service would keep to the hosts it has; rotate-token shuts a host out`,
  )
}
