import { Argument, type Command } from 'commander'
import type { CommandContext } from '../context.js'
import { completionScript, shells } from './scripts.js'
import { shapeOf } from './shape.js'

/** Adds `completion`; it knows the commands that are there when it runs. */
export function addCompletionCommand(program: Command, { print }: CommandContext): void {
  program
    .command('completion')
    .description('print a script with which a shell completes the commands and their options')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      '\nbash: source <(dyndns53 completion bash)      in ~/.bashrc\n' +
        'zsh:  source <(dyndns53 completion zsh)       in ~/.zshrc, after compinit\n' +
        'fish: dyndns53 completion fish | source       in ~/.config/fish/config.fish',
    )
    .action((shell: (typeof shells)[number]) => print(completionScript(shell, shapeOf(program))))
}
