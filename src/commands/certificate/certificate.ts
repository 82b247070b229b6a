import type { Command } from 'commander'
import { certificateTypes, notesForService } from '../../setups/certificates/certificate-types.js'
import type { CommandContext } from '../context.js'
import { addSetupCommand } from '../setup/setup-command.js'

/** Adds `certificate`. */
export function addCertificateCommand(program: Command, context: CommandContext): void {
  addSetupCommand(program, context, {
    name: 'certificate',
    description:
      "print how a client proves HOST's name to Let's Encrypt by DNS-01, which also certifies *.HOST: its token is in it",
    whatTypesAre: 'the kind of client',
    types: certificateTypes,
    notesForService,
  })
}
