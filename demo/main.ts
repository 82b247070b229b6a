import { parseArgs } from 'node:util'
import { guide } from './guide.js'
import { createServerLog } from './log.js'
import { tellStory } from './story.js'
import { inWorld, type World } from './world.js'

const usage = `npm run demo             dyndns53 on an emulated S3, Route 53 and DNS, with commands to try, until Ctrl-C
npm run demo -- --once   plays a modem through its story and asks the DNS after each step; exit status 0 if all held
npm run demo -- --help   says this`

const interrupted = new Error('interrupted')

process.exitCode = await main(process.argv.slice(2))

/** Resolves with the exit status: 0 done, 1 something did not hold, 2 unknown arguments, 130 a story broken off. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (options === undefined) return 2
  if (options.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const log = createServerLog()
  const signal = stopSignal()
  try {
    await inWorld({ signal, onLogLine: log.add }, async (world) => {
      if (options.once) return tellStory(world, signal)
      process.stdout.write(`${guide(world)}\n`)
      log.show()
      await untilStopped(world, signal)
    })
    return 0
  } catch (error) {
    if (error === interrupted) return options.once ? 130 : 0
    log.show()
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

function readOptions(args: readonly string[]): { once: boolean; help: boolean } | undefined {
  try {
    const options = {
      once: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`)
    return undefined
  }
}

/** Aborts when the demo is told to stop, or nobody is left to read what it prints. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  const abort = () => stop.abort(interrupted)
  // Not once: of a Ctrl-C both the terminal and tsx may tell.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, abort)
  process.stdout.on('error', abort)
  return stop.signal
}

/** Waits for the signal, then stops the server. Throws when it ended otherwise than by being asked to. */
async function untilStopped({ server }: World, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve())
    if (signal.aborted) resolve()
  })
  await Promise.race([stopped, server.ended])
  const end = await server.stop()
  if (end !== 'status 0') throw new Error(`the server ended with ${end}, expected status 0`)
}
