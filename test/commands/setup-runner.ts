import { Command } from 'commander'
import { type CommandContext, createContext } from '../../src/commands/context.js'
import type { DatabaseStore } from '../../src/hosts/store.js'

/** What a command said. */
export interface SetupOutput {
  readonly stdout: string
  readonly stderr: string
}

const context = createContext({})

/** Runs a command that `add` adds in this process, with this database. */
export async function runSetupCommand(
  add: (program: Command, context: CommandContext) => void,
  csv: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<SetupOutput> {
  const out: string[] = []
  const words: string[] = []
  const read = async () => ({ bytes: Buffer.from(csv), etag: '"1"' })
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => words.push(text) })
  add(program, {
    ...context,
    env,
    openStore: () => ({ place: 's3://bucket/key', read }) as Partial<DatabaseStore> as DatabaseStore,
    print: async (data) => void out.push(data.toString()),
    printJson: async (data) => void out.push(JSON.stringify(data)),
    say: (line) => void words.push(line),
  })
  await program.parseAsync(args, { from: 'user' })
  return { stdout: out.join(''), stderr: words.join('\n') }
}

/** A line of the fields: the label, two spaces or more, and the value. */
export function readField(line: string): string[] {
  return line.split(/ {2,}/)
}
