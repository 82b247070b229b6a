import type { Command } from 'commander'
import type { CommandContext } from '../context.js'
import { addSetupCommand } from '../setup/setup-command.js'
import { certificateTypes } from './certificate-types.js'

/** Adds `certificate`. */
export function addCertificateCommand(program: Command, context: CommandContext): void {
  addSetupCommand(program, context, {
    name: 'certificate',
    description:
      "print how a client proves HOST's name to Let's Encrypt by DNS-01, which also certifies *.HOST: its token is in it",
    whatTypesAre: 'the kind of client',
    types: certificateTypes,
    notesForService: ({ scheme }) =>
      scheme === 'http'
        ? [
            'By http:// the token can be read on the way, and whoever reads it can have certificates for this name: use https here.',
          ]
        : [],
  })
}
