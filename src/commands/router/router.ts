import { type Command, Option } from 'commander'
import type { TokenCell } from '../../hosts/token.js'
import { parseServiceUrl, type ServiceUrl } from '../../net/service-url.js'
import { notesFor, type RouterType, type Setup, setUp } from '../../setups/router-type.js'
import { routerTypes } from '../../setups/router-types.js'
import { type CommandContext, CommandError } from '../context.js'
import { describeMissing, readRowsByName } from '../database/rows-by-name.js'
import { hostArgument } from '../host-argument.js'

interface RouterOptions {
  readonly type?: string
  readonly url?: string
  readonly json?: true
}

/** Stands in for the service's URL where none is told. */
const placeholderUrl = 'https://YOUR-APP.herokuapp.com'
const acceptedUrl =
  'http:// or https:// and a full host name or an address, maybe with a port, and nothing behind it'

/** Adds `router`. */
export function addRouterCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('router')
    .description(
      'print what to type into a router, or the configuration of a client, for HOST: its token is in it',
    )
    .argument('<HOST>', 'a full name, such as home.example.com or *.home.example.com', hostArgument)
    .addOption(
      new Option('--type <TYPE>', 'the kind of router or client; without it, they are listed').choices(
        routerTypes.map(({ type }) => type),
      ),
    )
    .option('--url <URL>', `the service's own; without it DYNDNS_URL, and without that ${placeholderUrl}`)
    .option('--json', 'print JSON')
    .action((host: string, options: RouterOptions) => {
      const type = routerTypes.find((candidate) => candidate.type === options.type)
      const service = options.url === undefined ? undefined : parseServiceUrl(options.url)
      if (options.url !== undefined && !service) return command.error(`error: --url takes ${acceptedUrl}`)
      return type
        ? printSetup(context, type, host, service ?? configuredService(context), options)
        : listTypes(context, host, options)
    })
}

async function printSetup(
  { openStore, print, printJson, say }: CommandContext,
  type: RouterType,
  host: string,
  service: ServiceUrl,
  { json }: RouterOptions,
): Promise<void> {
  const cell = await readToken(openStore, host)
  const token = cell.kind === 'plain' ? cell.token : `TOKEN-OF-${host}`
  if ('file' in type && type.acceptedTokens?.test(token) === false) {
    throw new CommandError(
      `the token of ${host} cannot be written for ${type.client}: dyndns53 rotate-token ${host} makes one that can`,
    )
  }
  const setup = setUp(type, { ...service, host, token })
  if (json) return printJson({ type: type.type, host, url: service.url, ...setup })
  say(`${type.client}: ${type.where}`)
  await print(asText(setup))
  for (const note of notesFor(type, service)) say(`- ${note}`)
  if (cell.kind === 'hashed')
    say(`- The database holds only a hash of the token of ${host}: put the token in place of ${token}.`)
  if ('fields' in setup && !/^[\w-]+$/.test(token))
    say(`- Not every form takes this token's characters. If it is refused: dyndns53 rotate-token ${host}.`)
  if (service.url === placeholderUrl)
    say(`- Put your own service in place of ${placeholderUrl}, or name it with --url or DYNDNS_URL.`)
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

function asText(setup: Setup): string {
  if ('file' in setup) return setup.file.text
  const width = Math.max(...Object.keys(setup.fields).map(({ length }) => length))
  const lines = Object.entries(setup.fields).map(([label, value]) => `${label.padEnd(width)}  ${value}\n`)
  return lines.join('')
}

function configuredService({ env }: CommandContext): ServiceUrl {
  const service = parseServiceUrl(env['DYNDNS_URL'] || placeholderUrl)
  if (!service) throw new CommandError(`DYNDNS_URL takes ${acceptedUrl}`)
  return service
}
