import type { Command } from 'commander'
import { parseDatabase } from '../../hosts/database.js'
import type { DatabaseStore } from '../../hosts/store.js'
import { type CommandContext, CommandError } from '../context.js'
import { describeLastCall, readLastCalls } from '../history/last-calls.js'
import { count } from '../lists.js'
import { nameOfInput, readLocalFile } from './local-file.js'
import { readRowsByName, sayBadLines } from './rows-by-name.js'

interface InspectionOptions {
  readonly json?: true
  readonly seen?: true
}

/** Adds `check-database` and `list-hosts`. */
export function addInspectionCommands(program: Command, context: CommandContext): void {
  program
    .command('check-database')
    .description('name every line of FILE, or of the database in S3, that is not right')
    .argument('[FILE]')
    .option('--json', 'write {hosts, problems: [{line, reason}], warnings: […]} to standard output instead')
    .addHelpText('after', '\nExit status 1 if a line is bad or there is no host.')
    .action((file: string | undefined, options: InspectionOptions) => checkDatabase(context, file, options))
  program
    .command('list-hosts')
    .description('write the names of the hosts in S3, one a line')
    .option('--seen', 'add when each called last, with which address and outcome, as PostgreSQL knows it')
    .option('--json', 'write [{host, line, token: "plain" or "hashed"}] instead; with --seen, lastCall too')
    .action((options: InspectionOptions) => listHosts(context, options))
}

async function checkDatabase(
  { openStore, printJson, say }: CommandContext,
  file: string | undefined,
  { json }: InspectionOptions,
): Promise<void> {
  const [place, bytes] =
    file === undefined ? await readStored(openStore()) : [nameOfInput(file), await readLocalFile(file)]
  const { database, problems, warnings } = parseDatabase(bytes)
  if (json) await printJson({ hosts: database.size, problems, warnings })
  else {
    const lines = [...problems, ...warnings].sort((a, b) => a.line - b.line)
    for (const { line, reason } of lines) say(`${place}:${line}: ${reason}`)
  }
  const found = `${place}: ${count(database.size, 'host')}, ${count(problems.length, 'bad line')}`
  if (problems.length > 0) throw new CommandError(`${found} to mend`)
  if (database.size === 0) throw new CommandError(`${place} has no line hostname,token`)
  say(`${found}, ${count(warnings.length, 'warning')}`)
}

async function listHosts(context: CommandContext, { json, seen }: InspectionOptions): Promise<void> {
  const { openStore, print, printJson, say } = context
  const [place, bytes] = await readStored(openStore())
  const { rows, badLines } = readRowsByName(bytes)
  sayBadLines(say, place, badLines)
  const lastCalls = seen && (await readLastCalls(context, [...rows.keys()]))
  if (json) {
    const hosts = [...rows.values()].map(({ name, line, token }) => ({
      host: name,
      line,
      token: token.kind,
      ...(lastCalls && { lastCall: lastCalls.get(name) ?? null }),
    }))
    await printJson(hosts)
  } else {
    // A million arguments would not fit on the stack.
    const width = [...rows.keys()].reduce((longest, name) => Math.max(longest, name.length), 0)
    const lineOf = (name: string) =>
      lastCalls ? `${name.padEnd(width)}  ${describeLastCall(lastCalls.get(name))}\n` : `${name}\n`
    await print([...rows.keys()].map(lineOf).join(''))
  }
}

async function readStored(store: DatabaseStore): Promise<[place: string, bytes: Uint8Array]> {
  return [store.place, (await store.read()).bytes]
}
