import type { Command } from 'commander'
import type { CommandContext } from '../context.js'
import { addSetupCommand } from '../setup/setup-command.js'
import { routerTypes } from './router-types.js'

/** Adds `router`. */
export function addRouterCommand(program: Command, context: CommandContext): void {
  addSetupCommand(program, context, {
    name: 'router',
    description:
      'print what to type into a router, or the configuration of a client, for HOST: its token is in it',
    whatTypesAre: 'the kind of router or client',
    types: routerTypes,
  })
}
