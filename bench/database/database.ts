import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Bench } from '../bench.js'
import { quantile } from '../statistics.js'
import { count, machine, mebibytes, note, print, row, tableHead } from '../table.js'
import { csvOf } from './csv-file.js'
import type { Measurement, Reader } from './measure.js'

const readers: readonly Reader[] = ['dyndns53', 'csv-parse']
const columns = ['Read by', 'Hosts', 'File', 'Load', 'Kept', 'Peak']
const lookupColumns = ['Right', 'Wrong token', 'Unknown host'].map((what) => `${what}, lookups/s`)

/** How long a host database takes to load, what it holds in memory, and how many logins it can check. */
export const database: Bench = {
  usage: `npm run bench -- database     load time, memory and lookups of 1,000, 100,000 and 1,000,000 hosts, beside csv-parse
    --hosts 1000,5000     other numbers of hosts
    --times 3             how often each is loaded, in a process of its own; medians are shown`,

  async run(args) {
    const { sizes, times } = readOptions(args)
    const folder = await mkdtemp(join(tmpdir(), 'dyndns53-bench-'))
    try {
      print(`${machine()} Medians of ${times}.\n`)
      print(tableHead([...columns, ...lookupColumns]))
      for (const hosts of sizes) {
        const file = join(folder, `${hosts}.csv`)
        const bytes = csvOf(hosts)
        await writeFile(file, bytes)
        for (const reader of readers) {
          note(`database: ${reader}, hosts: ${hosts}`)
          print(resultRow(hosts, reader, bytes.length, await measureOften(reader, file, hosts, times)))
        }
      }
    } finally {
      await rm(folder, { recursive: true })
    }
    return true
  },
}

async function measureOften(
  reader: Reader,
  file: string,
  hosts: number,
  times: number,
): Promise<Measurement[]> {
  const all: Measurement[] = []
  while (all.length < times) all.push(await measureOnce(reader, file, hosts))
  return all
}

async function measureOnce(reader: Reader, file: string, hosts: number): Promise<Measurement> {
  const program = fileURLToPath(new URL('./measure.ts', import.meta.url))
  const child = fork(program, [reader, file, String(hosts)], { execArgv: ['--expose-gc', '--import', 'tsx'] })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const exited = once(child, 'exit')
  const ended = exited.then(() => Promise.reject(new Error(`the measurement of ${reader} ended early`)))
  const [measurement] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => {})
  child.disconnect()
  await exited
  process.off('exit', kill)
  return measurement
}

function resultRow(hosts: number, reader: Reader, fileBytes: number, all: readonly Measurement[]): string {
  const median = (value: (measurement: Measurement) => number) => quantile(all.map(value), 0.5)
  const lookups = (kind: 'right' | 'wrongToken' | 'unknownHost') =>
    all[0]?.lookups ? count(median((one) => one.lookups?.[kind] ?? 0)) : '–'
  return row([
    reader,
    count(hosts),
    mebibytes(fileBytes),
    `${median(({ loadMs }) => loadMs).toFixed(1)} ms`,
    mebibytes(median(({ keptBytes }) => keptBytes)),
    mebibytes(median(({ peakBytes }) => peakBytes)),
    lookups('right'),
    lookups('wrongToken'),
    lookups('unknownHost'),
  ])
}

function readOptions(args: readonly string[]): { sizes: number[]; times: number } {
  const options = {
    hosts: { type: 'string', default: '1000,100000,1000000' },
    times: { type: 'string', default: '3' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const sizes = values.hosts.split(',').map(Number)
  const times = Number(values.times)
  const isSize = (size: number) => Number.isInteger(size) && size >= 1 && size <= 1_000_000
  if (!sizes.every(isSize))
    throw new Error('--hosts takes numbers from 1 to 1000000 with commas between them')
  if (!Number.isInteger(times) || times < 1) throw new Error('--times takes a whole number from 1 up')
  return { sizes, times }
}
