import { parseArgs } from 'node:util'
import { startEmulators } from '../../emulators/emulators.js'
import { bucket, key } from '../../emulators/environment.js'
import type { Bench } from '../bench.js'
import { startMeasuredServer } from '../server.js'
import { count, machine, mebibytes, note, print, row, tableHead, verdict } from '../table.js'
import { type Heap, heapOptions, readHeap } from './heap.js'
import { hourInWords, partsPerHour, requestsPerHour, sendPart, type Town } from './hour.js'
import { measurePipelining } from './pipelining.js'
import { townDatabase } from './traffic.js'

/** What the heap may be larger in the end than after the warm-up. */
const tolerance = 0.05

const columns = ['When', 'Requests so far', 'Heap', 'Outside the heap', 'Resident', 'Heap against warm']

/** Does the server's heap grow in an hour of mixed traffic, or by clients that do not read? */
export const memory: Bench = {
  usage: `npm run bench -- memory       the server's heap after an hour's traffic, and after more of it, as fast as it can be sent;
    and what 1,000 clients take that pipeline and do not read
    --hours 1             hours after the one that warms it up`,

  async run(args) {
    const parts = readHours(args) * partsPerHour
    const emulators = await startEmulators({ csv: townDatabase(0), zones: ['example.com'] })
    const { s3, route53, environment } = emulators
    const settings = {
      DYNO: 'web.1',
      DYNDNS_REQUESTS_PER_SECOND: '1000',
      DYNDNS_CHANGES_PER_SECOND: '10000',
    }
    const server = await startMeasuredServer({ ...environment, ...settings }, heapOptions)
    const town: Town = {
      port: server.port,
      answers: new Map(),
      changeDatabase(csv) {
        s3.put(bucket, key, csv)
        server.child.kill('SIGHUP')
      },
    }
    let isMet: boolean
    try {
      isMet = await measure(town, parts, () => {
        route53.model.log.clear()
        return readHeap(server)
      })
    } finally {
      server.kill()
      await emulators.close()
    }
    return (await measurePipelining()) && isMet
  },
}

/** An hour to warm up, then `parts` parts more. */
async function measure(town: Town, parts: number, look: () => Promise<Heap>): Promise<boolean> {
  print(`${machine()} An hour is ${count(requestsPerHour)} requests:\n${hourInWords()}\n`)
  print(tableHead(columns))
  print(heapRow('just started', 0, await look()))
  for (let part = 0; part < partsPerHour; part++) await sendPart(town, part)
  const warm = await look()
  print(heapRow('warm, after an hour', requestsPerHour, warm, warm))
  let heap = warm
  for (let done = 1; done <= parts; done++) {
    note(`memory: part ${done} of ${parts}`)
    await sendPart(town, partsPerHour + done - 1)
    heap = await look()
    const requests = (requestsPerHour * (partsPerHour + done)) / partsPerHour
    print(heapRow(`${(60 / partsPerHour) * done} minutes later`, requests, heap, warm))
  }
  print(`\nAnswers: ${inWords(town.answers)}.\n`)
  const isMet = heap.heapUsed <= warm.heapUsed * (1 + tolerance)
  print(verdict(isMet, `the heap ends where it was when warm, or at most ${100 * tolerance} % above`))
  return isMet
}

function heapRow(when: string, requests: number, heap: Heap, warm?: Heap): string {
  const ratio = warm ? `${((100 * heap.heapUsed) / warm.heapUsed).toFixed(1)} %` : '–'
  const { heapUsed, external, rss } = heap
  return row([when, count(requests), mebibytes(heapUsed), mebibytes(external), mebibytes(rss), ratio])
}

function inWords(answers: ReadonlyMap<number, number>): string {
  const byStatus = [...answers].sort(([a], [b]) => b - a)
  return byStatus.map(([status, times]) => `${count(times)} × ${status || 'none'}`).join(', ')
}

function readHours(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { hours: { type: 'string', default: '1' } } })
  const hours = Number(values.hours)
  if (!Number.isInteger(hours) || hours < 1) throw new Error('--hours takes a whole number from 1 up')
  return hours
}
