import { randomUUID } from 'node:crypto'
import type { DesiredRecord, UpdateOutcome } from '../registrar/record.js'
import { createRegistrar, type Registrar, type RegistrarOptions } from '../registrar/registrar.js'
import { PostgresError } from '../store/postgres.js'
import type { Store } from '../store/store.js'
import type { AgedAsk, RowOutcome, WantedRow } from '../store/wanted-rows.js'
import { late, shuttingDown, superseded, tooMany } from './answers.js'
import { asksOf, combine, desiredOf, isKnown, rowKey } from './asks.js'
import { createLocalWriter, type LocalWriter } from './local-writer.js'
import { createOpenRows } from './open-rows.js'
import { createOutbox, type Written } from './outbox.js'
import { createRowReader } from './row-reader.js'
import { beatMs, createTenure } from './tenure.js'
import { createWaitingCallers } from './waiting-callers.js'
import { createNap, twice, within } from './waits.js'

/** What it works with: a registrar's options, and what is shared. */
export interface SharedRegistrarOptions extends Omit<RegistrarOptions, 'rememberSinceMs' | 'onSettled'> {
  readonly store: Store
}

/** When a caller asked, and how long it had waited before. */
interface Asked {
  readonly atMs: number
  readonly waitedMs: number
}

/** A registrar for whoever registers or looks. */
export interface SharedRegistrar extends Pick<Registrar, 'register' | 'look' | 'close'> {
  /** Records that this process is to write, for whichever was asked; and while another one writes, those it has not heard of. */
  waiting(): number
  /** Whether this process writes for all, or for itself as it goes on alone. */
  isWriter(): boolean
}

/** How often the holder, and those who wait, look into the table, as a notification may be lost. */
const tickMs = 1000
/** Of the closing time, this much is left to hand the lease over. */
const handOverMs = 2000
/** How long after the database went away it is tried again. */
const retryMs = 3000

/**
 * A registrar that shares its work with other processes by way of a PostgreSQL. One of them holds a lease and writes for all;
 * the others give it what they are asked. Where the database is away, each goes on alone, and remembers nothing. None of this
 * keeps two from writing the same record: Route 53 does, as every write is a compare-and-swap.
 */
export function createSharedRegistrar(options: SharedRegistrarOptions): SharedRegistrar {
  const { clock, log, store, maxPending } = options
  const me = randomUUID()
  const tenure = createTenure(clock)
  const outbox = createOutbox(clock, maxPending)
  const callers = createWaitingCallers(clock)
  const open = createOpenRows(clock)
  // Rows that were heard of while an ask of this process for the same was on its way; at most as many as these.
  const putOff = new Map<string, WantedRow>()
  // Whether the database is away, or was not asked yet. Then, and while this process holds the lease, there is a local writer.
  let isAway = true
  let hasWarned = false
  let local: LocalWriter | undefined = newLocalWriter()
  let inProgress = 0
  let closeAtMs = Number.POSITIVE_INFINITY
  let end = 'none' as 'none' | 'leaving' | 'left' | 'over'
  const nap = createNap(clock)
  let exchanging: Promise<void> | undefined
  let nextBeatMs = 0
  const reader = createRowReader(store.rows, clock, options)

  function newLocalWriter(): LocalWriter {
    const own: RegistrarOptions = {
      ...options,
      // The bound of what waits is kept here, and a row that was taken is never turned down.
      maxPending: 2 * maxPending,
      closeMs: Math.max(0, options.closeMs - handOverMs),
      rememberSinceMs: () => (isAway ? Number.POSITIVE_INFINITY : tenure.rememberSinceMs()),
      publish(event) {
        // While the database is there, a record is given up when its row is, whichever process asked for it.
        if (event.kind !== 'record-given-up' || isAway) options.publish(event)
      },
      onSettled: settle,
    }
    return createLocalWriter(own, () => tenure.mayWrite(isAway))
  }

  /** Returns when the one before has no change on its way any more. */
  async function replaceLocalWriter(next: LocalWriter | undefined): Promise<void> {
    const last = local
    local = next
    await last?.end()
  }

  function settle(desired: DesiredRecord, outcome: UpdateOutcome): void {
    if (isAway || tenure.epoch === undefined) return
    open.settle(desired, outcome)
    exchange()
  }

  /** Writes what was asked and says what was settled, one statement after the other: no row is settled before it is written. */
  function exchange(): void {
    if (isAway || exchanging) return
    const hasWork = () => !isAway && (outbox.size > 0 || open.hasNews)
    const work = async () => {
      // What comes in this turn of the loop goes in the same statement.
      await new Promise(setImmediate)
      while (hasWork()) await exchangeOnce()
    }
    exchanging = work()
      .catch(goAway)
      .finally(() => {
        exchanging = undefined
        if (hasWork()) exchange()
      })
  }

  async function exchangeOnce(): Promise<void> {
    // Before the write: what was settled by now was asked before, so that its row is noted then.
    const news = open.takeNews()
    const write = (asks: AgedAsk[]) => twice(() => store.rows.ask(me, asks))
    await outbox.flush(write, (row, worker) => {
      if (tenure.epoch !== undefined && open.note(row) && worker !== local) workOn(row)
    })
    const { epoch } = tenure
    const rows = [...putOff.values()]
    putOff.clear()
    for (const row of rows) take(row)
    const said = news()
    if (said.length === 0 || epoch === undefined || isAway) return
    if (await twice(() => store.rows.settle({ holder: me, epoch }, said))) return
    if (tenure.epoch === epoch) stepDown()
  }

  /** As the holder: makes sure that somebody works on a row. */
  function take(row: WantedRow): void {
    if (isAway || !local || tenure.epoch === undefined || open.size >= maxPending || !isKnown(row)) return
    // What this process was asked for is on its way into the same row: which of them is newer is known when that is written.
    if (outbox.has(rowKey(row))) putOff.set(rowKey(row), row)
    else if (open.note(row)) workOn(row)
  }

  /** As the holder: begins to work on a row. */
  function workOn(row: WantedRow): void {
    const writer = local
    if (!writer) return
    const desired = desiredOf(row)
    const known = writer.registrar.recall(desired)
    if (known) return void settle(desired, known)
    void writer.registrar.register(desired).then((outcome) => {
      if (outcome.kind !== 'unavailable' || writer.isEnded) return
      open.say(row, outcome)
      exchange()
    })
  }

  store.listen('wanted', (news) => {
    const { sender, row } = news as { sender: string; row: WantedRow }
    if (sender !== me) take(row)
  })
  store.listen('outcomes', (news) => callers.hear(news as RowOutcome))
  store.listen('lease', () => {
    nextBeatMs = 0
    nap.wake()
  })

  async function live(): Promise<void> {
    while (end !== 'over') {
      try {
        if (end === 'leaving') await leave()
        else if (isAway && end === 'none') await join()
        if (end === 'none' && clock.now() >= nextBeatMs) await beat()
        if (!isAway) await look()
      } catch (error) {
        goAway(error)
      }
      await nap.sleep(isAway ? retryMs : tickMs)
    }
  }

  /** The database is there: what this process was asked meanwhile goes there, with its age, and the newest wish of each record counts. */
  async function join(): Promise<void> {
    await exchanging
    await store.migrate()
    // Only when it writes nothing any more does it say what it may have written, and then that it is there.
    await replaceLocalWriter(undefined)
    outbox.dropOlderThan(options.giveUpMs)
    await outbox.flush((asks) => store.rows.ask(me, asks))
    isAway = false
    if (hasWarned) log.info('PostgreSQL is back: the work is shared again')
    hasWarned = false
    exchange()
    nextBeatMs = 0
  }

  async function beat(): Promise<void> {
    let sentMs = 0
    const answer = await twice(() => {
      sentMs = clock.now()
      return store.presence.beat(me)
    })
    if (isAway) return
    nextBeatMs = sentMs + beatMs
    const before = tenure.epoch
    if (before !== undefined && answer.epoch !== before) stepDown()
    tenure.note(sentMs, answer)
    if (answer.epoch === undefined || answer.epoch === before) return
    log.info({ epoch: answer.epoch }, 'this process writes to Route 53 for all')
    reader.begin()
    await replaceLocalWriter(newLocalWriter())
  }

  function stepDown(): void {
    log.info('another process writes to Route 53 for all')
    tenure.end()
    const rows = open.takeAll()
    // What it may have written late is looked at anew by the other one.
    void replaceLocalWriter(undefined).then(() => askAgain(rows))
  }

  async function look(): Promise<void> {
    if (tenure.epoch !== undefined && local && open.size < maxPending) {
      for (const row of await twice(() => reader.read(maxPending - open.size))) take(row)
      for (const row of await reader.dropForgotten(options.giveUpMs)) open.forget(row)
    }
    const ids = callers.ids(tickMs)
    if (ids.length === 0) return
    for (const outcome of await twice(() => store.rows.readOutcomes(ids))) callers.hear(outcome)
  }

  /** Nobody waits for the database any more; those who did are asked about again here. */
  function goAway(error: unknown): void {
    if (!(error instanceof PostgresError)) log.error({ err: error }, 'a bug of this service')
    const warning = 'PostgreSQL is away: this process goes on alone, and asks Route 53 each time'
    if (!hasWarned) log.warn({ reason: String(error) }, warning)
    hasWarned = true
    isAway = true
    tenure.suspend()
    askAgain(open.takeAll())
    local ??= newLocalWriter()
    outbox.abandon()
    callers.sendAway()
  }

  /** Hands over: what is on its way to Route 53 is awaited and settled, and the next holder begins at once. */
  async function leave(): Promise<void> {
    end = 'left'
    if (isAway) return
    await replaceLocalWriter(undefined)
    exchange()
    await exchanging
    await twice(() => store.presence.leave(me))
    tenure.end()
  }

  /** For the holder to look at, in the end, with the age that these have. */
  function askAgain(rows: ReturnType<typeof open.takeAll>): void {
    for (const { row, notedMs } of rows) if (!outbox.has(rowKey(row))) void outbox.add(row, notedMs)
    exchange()
  }

  function leftMs({ atMs, waitedMs }: Asked): number {
    return Math.min(atMs - waitedMs + options.waitMs, closeAtMs) - clock.now()
  }

  function write(desired: DesiredRecord, askedMs: number, worker?: LocalWriter): Promise<Written[]> {
    const written = Promise.all(asksOf(desired).map((ask) => outbox.add(ask, askedMs, worker)))
    exchange()
    return written
  }

  /** Undefined: this writer has ended before it was settled. */
  async function askLocally(writer: LocalWriter, desired: DesiredRecord, asked: Asked) {
    const known = writer.registrar.recall(desired)
    if (known) return known
    const written = write(desired, asked.atMs, writer)
    // A moment longer than it waits itself, as it knows what is in the way.
    const outcome = await within(
      leftMs(asked) + 500,
      clock,
      writer.registrar.register(desired, asked.waitedMs),
    )
    if (outcome?.kind !== 'unavailable') return outcome
    if (writer.isEnded) return undefined
    // "Later" is a promise, and holds whatever becomes of this process.
    if (!isAway) await written
    return outcome
  }

  /** Undefined: the database has gone away before it was settled. */
  async function askTheHolder(desired: DesiredRecord, asked: Asked): Promise<UpdateOutcome | undefined> {
    const outcomes = await Promise.all(
      (await write(desired, asked.atMs)).map((row) => {
        if (row === 'away') return undefined
        return row === 'superseded' ? superseded : callers.wait(row, leftMs(asked))
      }),
    )
    const known = outcomes.filter((outcome) => outcome !== undefined)
    return known.length === outcomes.length ? combine(known) : undefined
  }

  // Looks for the pages, while another process writes; it is never asked for a record.
  const viewer = createRegistrar({ ...options, rememberSinceMs: () => Number.POSITIVE_INFINITY })
  const living = live()
  return {
    waiting: () => local?.registrar.waiting() ?? outbox.size,
    isWriter: () => isAway || tenure.epoch !== undefined,
    look: (name) => (local?.registrar ?? viewer).look(name),
    async register(desired, waitedMs = 0) {
      if (closeAtMs !== Number.POSITIVE_INFINITY) return shuttingDown
      if (!isAway && open.size + outbox.size >= maxPending) return tooMany
      const asked: Asked = { atMs: clock.now(), waitedMs }
      inProgress++
      try {
        while (leftMs(asked) > 0) {
          const outcome = local ? await askLocally(local, desired, asked) : await askTheHolder(desired, asked)
          if (outcome) return outcome
        }
        return late
      } finally {
        inProgress--
      }
    },
    async close() {
      closeAtMs = clock.now() + options.closeMs
      // With nobody to hand over to, what waits is written first.
      if (local && (isAway || tenure.others === 0)) await local.registrar.close()
      end = 'leaving'
      nap.wake()
      while ((inProgress > 0 || end === 'leaving') && clock.now() < closeAtMs)
        await createNap(clock).sleep(50)
      end = 'over'
      nap.wake()
      callers.sendAway()
      outbox.abandon()
      await living
      await replaceLocalWriter(undefined)
    },
  }
}
