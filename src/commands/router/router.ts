import type { Command } from 'commander'
import { routerTypes } from '../../setups/router-types.js'
import type { CommandContext } from '../context.js'
import type { KnownTypes } from '../setup/service-url.js'
import { addSetupCommand } from '../setup/setup-command.js'

/** The clients that update a host's address. */
export const aboutRouters: KnownTypes = {
  whatTypesAre: 'the kind of router or client',
  types: routerTypes,
}

/** Adds `router`. */
export function addRouterCommand(program: Command, context: CommandContext): void {
  addSetupCommand(program, context, {
    ...aboutRouters,
    name: 'router',
    description:
      'print what to type into a router, or the configuration of a client, for HOST: its token is in it',
  })
}
