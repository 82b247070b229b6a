import { parseArgs } from 'node:util'
import { startPostgres, type TestPostgres } from '../../test/support/postgres.js'
import type { Bench } from '../bench.js'
import { quantile } from '../statistics.js'
import { count, machine, mebibytes, note, print, row, tableHead, verdict } from '../table.js'
import { habits, measureDay } from './day.js'
import { fillHistory } from './million.js'
import { startRegistrations } from './registrations.js'

const limitMs = 50
const reads = 300
const pruneSteps = 40
const registrationsEach = 200
/** The rows have up to 100 days; what is pruned while hosts register are a hundred thousands. */
const [keptDays, keptLessDays] = [90, 50]

/** What the history in PostgreSQL takes: bytes a day, and time where there is a million rows of it. */
export const history: Bench = {
  usage: `npm run bench -- history      a PostgreSQL: what a day of 1,000 hosts takes, and how long a million rows take to read and to prune
    --rows 1000000        another number of calls
    --no-day              without the day`,

  async run(args) {
    const { rows, withDay } = readOptions(args)
    const postgres = await startPostgres()
    try {
      print(`${machine()} A PostgreSQL that does not wait for the disk.\n`)
      if (withDay) await reportDays(postgres)
      return await reportMillion(postgres, rows)
    } finally {
      await postgres.close()
    }
  },
}

async function reportDays(postgres: TestPostgres): Promise<void> {
  print(
    tableHead([
      'A day of 1,000 hosts that call every 5 minutes',
      'Calls',
      'Rows',
      'Tables',
      'Indexes',
      'Updates without an index',
    ]),
  )
  for (const habit of habits) {
    note(`history: a day: ${habit.name}`)
    const { calls, rows, tableBytes, indexBytes, hotShare } = await measureDay(
      await postgres.createDatabase(),
      habit,
    )
    const sizes = [mebibytes(tableBytes), mebibytes(indexBytes)]
    print(row([habit.name, count(calls), count(rows), ...sizes, `${(100 * hotShare).toFixed(0)} %`]))
  }
  print('')
}

async function reportMillion(postgres: TestPostgres, rows: number): Promise<boolean> {
  const database = await postgres.createDatabase()
  note(`history: ${count(rows)} rows are filled in`)
  const million = await fillHistory(database, rows)
  const registrations = await startRegistrations(database.url)
  try {
    print(`A row of calls takes ${million.rowBytes} bytes, of them ${million.rowIndexBytes} in indexes.\n`)
    print(tableHead([`With ${count(million.rows)} calls of 1,000 hosts`, 'p50', 'p99', 'Longest']))
    const report = (what: string, took: readonly number[]) =>
      print(row([what, ...[0.5, 0.99, 1].map((q) => `${quantile(took, q).toFixed(1)} ms`)]))
    const readMs = await million.timeReads(reads)
    report('`history HOST`', readMs)
    report('`list-hosts --seen`', [await million.timeLastCalls()])
    const pruneMs = await million.timePruning(keptDays, pruneSteps)
    report('A step of pruning: 1,000 rows of each table', pruneMs)
    const { ms: quietMs, failed: quietlyFailed } = await registrations.time(registrationsEach)
    report('A change of address through two processes', quietMs)
    const busy = registrations.time(registrationsEach)
    const steps = await million.pruneUntil(keptLessDays, busy)
    const { ms: busyMs, failed } = await busy
    report(`The same while ${count(steps)} such steps are made without a pause, and as many reads`, busyMs)
    print('')
    const ratio = quantile(busyMs, 0.5) / quantile(quietMs, 0.5)
    const targets: [boolean, string][] = [
      [quantile(readMs, 0.99) <= limitMs, `99 of 100 \`history HOST\` within ${limitMs} ms`],
      [quantile(pruneMs, 0.99) <= limitMs, `99 of 100 steps of pruning within ${limitMs} ms`],
      [
        failed + quietlyFailed === 0,
        `every registration is \`good\` (${quietlyFailed} were not, and ${failed} while it prunes)`,
      ],
      [Math.max(...busyMs) <= 1000, 'no registration is held up for a second by pruning without a pause'],
      [
        ratio <= 3,
        `it is slowed down by less than 3 times (${ratio.toFixed(1)}), sharing this machine's cores`,
      ],
    ]
    for (const [isMet, text] of targets) print(verdict(isMet, text))
    return targets.every(([isMet]) => isMet)
  } finally {
    await registrations.close()
    await million.close()
  }
}

function readOptions(args: readonly string[]): { rows: number; withDay: boolean } {
  const options = {
    rows: { type: 'string', default: '1000000' },
    'no-day': { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const rows = Number(values.rows)
  if (!(Number.isInteger(rows) && rows >= 100_000 && rows <= 10_000_000))
    throw new Error('--rows takes a number from 100000 to 10000000')
  return { rows, withDay: !values['no-day'] }
}
