import { type Command, Option } from 'commander'
import { readServiceUrl } from '../../config/config.js'
import { parseServiceUrl, type ServiceUrl } from '../../net/service-url.js'
import type { SetupType } from '../../setups/setup-type.js'
import { type CommandContext, CommandError } from '../context.js'

/** The clients that a command knows. */
export interface KnownTypes {
  /** What `--type` takes, such as `the kind of router or client`. */
  readonly whatTypesAre: string
  readonly types: readonly SetupType[]
}

/** The options of a command that prints a setup. */
export interface SetupOptions {
  readonly type?: string
  readonly url?: string
}

/** Stands in for the service's URL where none is told. */
export const placeholderUrl = 'https://YOUR-APP.herokuapp.com'
const acceptedUrl =
  'http:// or https:// and a full host name or an address, maybe with a port, and nothing behind it'

/** Adds the options to a command; without `--type` it does what `otherwise` says. */
export function withSetupOptions(
  command: Command,
  { whatTypesAre, types }: KnownTypes,
  otherwise: string,
): Command {
  return command
    .addOption(
      new Option('--type <TYPE>', `${whatTypesAre}; without it, ${otherwise}`).choices(
        types.map(({ type }) => type),
      ),
    )
    .option('--url <URL>', `the service's own; without it DYNDNS_URL, and without that ${placeholderUrl}`)
}

/**
 * The type and the service that were named, undefined without a type. Ends the command as wrongly used for a bad URL;
 * throws a CommandError for a bad DYNDNS_URL.
 */
export function readSetupOptions(
  { type: name, url }: SetupOptions,
  { types }: KnownTypes,
  command: Command,
  context: CommandContext,
): { readonly type: SetupType; readonly service: ServiceUrl } | undefined {
  const named = url === undefined ? undefined : parseServiceUrl(url)
  if (url !== undefined && !named) command.error(`error: --url takes ${acceptedUrl}`)
  const type = types.find((candidate) => candidate.type === name)
  return type && { type, service: named ?? configuredService(context) }
}

function configuredService({ env }: CommandContext): ServiceUrl {
  const service = parseServiceUrl(readServiceUrl(env) ?? placeholderUrl)
  if (!service) {
    throw new CommandError(
      `DYNDNS_URL takes ${acceptedUrl}, where this command reads it: name such a one with --url; for a service below a path, open /host/setup there in a browser`,
    )
  }
  return service
}
