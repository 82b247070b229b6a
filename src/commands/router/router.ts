import type { Command } from 'commander'
import { digestOfToken, type TokenCell } from '../../hosts/token.js'
import { type CommandContext, CommandError } from '../context.js'
import { describeMissing, readRowsByName } from '../database/rows-by-name.js'
import { hostArgument } from '../host-argument.js'
import { readSecret } from '../secret-input.js'
import type { RouterType, ServiceUrl } from './router-type.js'
import { routerTypes } from './router-types.js'
import { readSetupOptions, type SetupOptions, withSetupOptions } from './service-url.js'
import { asText, createSheet } from './sheet.js'

interface RouterOptions extends SetupOptions {
  /** The token of a host whose database has only its hash; `-` for standard input. */
  readonly token?: string
  readonly json?: true
}

/** Adds `router`. */
export function addRouterCommand(program: Command, context: CommandContext): void {
  const command = withSetupOptions(program.command('router'), 'they are listed')
    .description(
      'print what to type into a router, or the configuration of a client, for HOST: its token is in it',
    )
    .argument('<HOST>', 'a full name, such as home.example.com or *.home.example.com', hostArgument)
    .option(
      '--token <TOKEN>',
      'its token, where the database has only a hash of it; - reads it from standard input',
    )
    .option('--json', 'print JSON')
    .action((host: string, options: RouterOptions) => {
      const chosen = readSetupOptions(options, command, context)
      return chosen
        ? printSetup(context, chosen.type, host, chosen.service, options)
        : listTypes(context, host, options)
    })
}

async function printSetup(
  { openStore, print, printJson, say }: CommandContext,
  type: RouterType,
  host: string,
  service: ServiceUrl,
  { json, token }: RouterOptions,
): Promise<void> {
  const stored = await readToken(openStore, host)
  const cell = token === undefined ? stored : confirmedToken(host, stored, await readSecret(token))
  const { setup, heading, body, notes } = createSheet(type, service, host, cell)
  if (json) return printJson({ type: type.type, host, url: service.url, ...setup })
  say(heading)
  await print(body)
  for (const note of notes) say(`- ${note}`)
}

/** The token that was told, if it is that of the host: a sheet with another one would be of no use. */
function confirmedToken(host: string, stored: TokenCell, token: string): TokenCell {
  const isRight =
    stored.kind === 'plain' ? stored.token === token : digestOfToken(token).equals(stored.digest)
  if (!isRight) {
    throw new CommandError(`that is not the token of ${host}: dyndns53 rotate-token ${host} makes a new one`)
  }
  return { kind: 'plain', token }
}

async function listTypes(
  { openStore, print, printJson, say }: CommandContext,
  host: string,
  { json }: RouterOptions,
): Promise<void> {
  await readToken(openStore, host)
  if (json) return printJson(routerTypes.map(({ type, client }) => ({ type, client })))
  await print(asText({ fields: Object.fromEntries(routerTypes.map(({ type, client }) => [type, client])) }))
  say(`Choose one: dyndns53 router ${host} --type TYPE`)
}

/** The token cell of a host: as in the service, the last of its lines counts. */
async function readToken(openStore: CommandContext['openStore'], host: string): Promise<TokenCell> {
  const store = openStore()
  const { rows } = readRowsByName((await store.read()).bytes)
  const row = rows.get(host)
  if (!row) throw new CommandError(describeMissing(store.place, [host]))
  return row.token
}
