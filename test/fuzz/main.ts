import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { liveProperty } from './live/live.js'
import { parsers } from './parsers/all.js'
import type { FuzzProperty } from './property.js'

const usage = `npm run fuzz              all properties in turn, with new seeds, until Ctrl-C or the first failure
  --seconds N         for N seconds at the most
  --seed N            begin with this seed, as a report names it
  --only TEXT         only the properties with this in their names: ${allProperties()
    .map(({ name }) => `"${name}"`)
    .join(', ')}`

/** Seeds are 32 bits in fast-check; the portions of a round count up from one. */
const maxSeed = 2 ** 31 - 1_000_000

process.exitCode = await main(process.argv.slice(2))

/** Resolves with the exit status: 0 nothing was found, 1 something was, 2 asked for wrongly. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    process.stderr.write(`${usage}\n`)
    return 2
  }
  const ending = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort())
  setTimeout(() => ending.abort(), options.seconds * 1000).unref()
  let { seed } = options
  let cases = 0
  while (!ending.signal.aborted) {
    for (const property of options.properties) {
      if (ending.signal.aborted) break
      print(`${property.name}: ${property.cases} cases from seed ${seed}`)
      try {
        cases += await property.run(seed, property.cases, ending.signal)
      } catch (error) {
        print(
          `${property.name} failed; again: npm run fuzz -- --only '${property.name}' --seed <the seed below>`,
        )
        console.error(error)
        return 1
      }
    }
    seed = randomInt(maxSeed)
  }
  print(`nothing found in ${cases.toLocaleString('en')} cases`)
  return 0
}

interface Options {
  readonly properties: readonly FuzzProperty[]
  readonly seconds: number
  readonly seed: number
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    const options = {
      seconds: { type: 'string', default: '2000000' },
      seed: { type: 'string', default: String(randomInt(maxSeed)) },
      only: { type: 'string', default: '' },
    } as const
    const { values } = parseArgs({ args: [...args], options })
    const properties = allProperties().filter(({ name }) => name.includes(values.only))
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
    const isRight = properties.length > 0 && seconds > 0 && Number.isSafeInteger(seed)
    return isRight ? { properties, seconds, seed } : undefined
  } catch {
    return undefined
  }
}

function allProperties(): FuzzProperty[] {
  return [liveProperty('heroku'), liveProperty('nothing'), ...parsers]
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
