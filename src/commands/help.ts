import { readFileSync } from 'node:fs'
import type { Command } from 'commander'

/** Adds `--version`, and `help`, which says which command a mistyped word is like. */
export function addHelp(program: Command): void {
  program
    .version(readVersion(), '--version', 'print the version')
    .helpCommand(false)
    .command('help')
    .description('say how a command is called')
    .argument('[COMMAND]', 'without one, all are listed')
    .action((word?: string) => sayHelp(program, word))
}

async function sayHelp(program: Command, word: string | undefined): Promise<void> {
  if (word === undefined) return program.help()
  const isKnown = program.commands.some((command) => command.name() === word)
  // An unknown word is refused as it is without `help` before it: with the command that it is like.
  await program.parseAsync(isKnown ? [word, '--help'] : [word], { from: 'user' })
}

/** The version of the package that this file is part of. */
function readVersion(): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version
}
