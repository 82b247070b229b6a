import type { Command, Option } from 'commander'

/** A word that may be typed, and what it means. */
export interface Word {
  readonly text: string
  /** One line; empty where nothing is to be said. */
  readonly meaning: string
}

/** What a shell can complete of a command. */
export interface CommandShape extends Word {
  /** Every flag, short ones included. */
  readonly flags: readonly Word[]
  /** Flags behind which a value stands, with the values that are known; none where anything may stand there. */
  readonly valueFlags: readonly { readonly flag: string; readonly values: readonly string[] }[]
  /** What may stand as an argument, where that is known. */
  readonly values: readonly string[]
  /** Whether an argument is the name of a file. */
  readonly takesFile: boolean
}

/** The commands of `program`, as they are defined there: no second list to keep. */
export function shapeOf(program: Command): CommandShape[] {
  const names = program.commands.map((command) => command.name())
  return program.commands.map((command) => {
    const options = command.createHelp().visibleOptions(command)
    const isOfCommand = command.registeredArguments.some((argument) => argument.name() === 'COMMAND')
    return {
      text: command.name(),
      meaning: command.description(),
      flags: options.flatMap((option) =>
        flagsOf(option).map((text) => ({ text, meaning: option.description })),
      ),
      valueFlags: options
        .filter(({ required, optional }) => required || optional)
        .flatMap((option) => flagsOf(option).map((flag) => ({ flag, values: option.argChoices ?? [] }))),
      values: isOfCommand
        ? names
        : command.registeredArguments.flatMap((argument) => argument.argChoices ?? []),
      takesFile: command.registeredArguments.some((argument) => argument.name() === 'FILE'),
    }
  })
}

function flagsOf({ short, long }: Option): string[] {
  return [short, long].filter((flag) => flag !== undefined)
}
