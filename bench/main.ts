import type { Bench } from './bench.js'
import { database } from './database/database.js'
import { flood } from './flood/flood.js'
import { herd } from './herd/herd.js'
import { history } from './history/history.js'
import { memory } from './memory/memory.js'
import { nochg } from './nochg/nochg.js'
import { steady } from './steady/steady.js'
import { timing } from './timing/timing.js'

const benches: Readonly<Record<string, Bench>> = {
  herd,
  steady,
  nochg,
  database,
  flood,
  timing,
  memory,
  history,
}

process.exitCode = await main(process.argv.slice(2))

/** Resolves with the exit status: 0 all targets met, 1 one missed, 2 nothing could be measured. */
async function main([name = '', ...args]: readonly string[]): Promise<number> {
  // Not left to the default: that would end this process without the hooks that take its children along.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined
  if (!bench) {
    const usages = Object.values(benches).map(({ usage }) => usage)
    process.stderr.write(`Which bench? There is:\n\n${usages.join('\n\n')}\n`)
    return 2
  }
  try {
    return (await bench.run(args)) ? 0 : 1
  } catch (error) {
    process.stderr.write(`bench ${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    return 2
  }
}
