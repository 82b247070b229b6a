import type { Command } from 'commander'
import { digestOfToken, type TokenCell } from '../../hosts/token.js'
import type { ServiceUrl } from '../../net/service-url.js'
import type { SetupType } from '../../setups/setup-type.js'
import { type CommandContext, CommandError } from '../context.js'
import { describeMissing, readRowsByName } from '../database/rows-by-name.js'
import { hostArgument } from '../host-argument.js'
import { readSecret } from '../secret-input.js'
import { type KnownTypes, readSetupOptions, type SetupOptions, withSetupOptions } from './service-url.js'
import { asText, createSheet } from './sheet.js'

/** A command that prints how clients are set up for a host. */
export interface SetupCommand extends KnownTypes {
  readonly name: string
  readonly description: string
  /** What to know beside the notes of the type; nothing, if left out. */
  readonly notesForService?: (service: ServiceUrl) => readonly string[]
}

interface PrintOptions extends SetupOptions {
  /** The token of a host whose database has only its hash; `-` for standard input. */
  readonly token?: string
  readonly json?: true
}

/** Adds a command that takes a host and `--type`. */
export function addSetupCommand(program: Command, context: CommandContext, about: SetupCommand): void {
  const command = withSetupOptions(program.command(about.name), about, 'they are listed')
    .description(about.description)
    .argument('<HOST>', 'a full name, such as home.example.com or *.home.example.com', hostArgument)
    .option(
      '--token <TOKEN>',
      'its token, where the database has only a hash of it; - reads it from standard input',
    )
    .option('--json', 'print JSON')
    .action((host: string, options: PrintOptions) => {
      const chosen = readSetupOptions(options, about, command, context)
      return chosen
        ? printSetup(context, about, chosen, host, options)
        : listTypes(context, about, host, options)
    })
}

async function printSetup(
  context: CommandContext,
  { notesForService }: SetupCommand,
  { type, service }: { readonly type: SetupType; readonly service: ServiceUrl },
  host: string,
  { json, token }: PrintOptions,
): Promise<void> {
  const { openStore, print, printJson, say } = context
  const stored = await readToken(openStore, host)
  const cell = token === undefined ? stored : confirmedToken(host, stored, await readSecret(token, context))
  const { setup, heading, body, notes } = createSheet(type, service, host, cell)
  if (json) return printJson({ type: type.type, host, url: service.url, ...setup })
  say(heading)
  await print(body)
  for (const note of [...notes, ...(notesForService?.(service) ?? [])]) say(`- ${note}`)
}

/** The token that was told, if it is that of the host: a sheet with another one would be of no use. */
function confirmedToken(host: string, stored: TokenCell, token: string): TokenCell {
  if (token === '') throw new CommandError('standard input has no token')
  const isRight =
    stored.kind === 'plain' ? stored.token === token : digestOfToken(token).equals(stored.digest)
  if (!isRight) {
    throw new CommandError(`that is not the token of ${host}: dyndns53 rotate-token ${host} makes a new one`)
  }
  return { kind: 'plain', token }
}

async function listTypes(
  { openStore, print, printJson, say }: CommandContext,
  { name, types }: SetupCommand,
  host: string,
  { json }: PrintOptions,
): Promise<void> {
  await readToken(openStore, host)
  if (json) return printJson(types.map(({ type, client }) => ({ type, client })))
  await print(asText({ fields: Object.fromEntries(types.map(({ type, client }) => [type, client])) }))
  say(`Choose one: dyndns53 ${name} ${host} --type TYPE`)
}

/** The token cell of a host: as in the service, the last of its lines counts. */
async function readToken(openStore: CommandContext['openStore'], host: string): Promise<TokenCell> {
  const store = openStore()
  const { rows } = readRowsByName((await store.read()).bytes)
  const row = rows.get(host)
  if (!row) throw new CommandError(describeMissing(store.place, [host]))
  return row.token
}
