import type { Clock } from '../net/clock.js'
import type { UpdateOutcome } from '../registrar/record.js'
import type { RowOutcome, WantedRow } from '../store/wanted-rows.js'
import { late, superseded } from './answers.js'

/** Callers of this process who wait for what the holder of the lease makes of their rows. */
export interface WaitingCallers {
  /** Resolves with what became of the row as it was asked for; `late` after `waitMs`, and undefined when all are sent away. */
  wait(row: WantedRow, waitMs: number): Promise<UpdateOutcome | undefined>
  /** Tells those whom this is about. */
  hear(outcome: RowOutcome): void
  /** The rows that somebody has waited for this long already. */
  ids(ageMs: number): number[]
  /** They have to ask elsewhere. */
  sendAway(): void
}

interface Caller {
  readonly seq: number
  readonly sinceMs: number
  tell(outcome: UpdateOutcome | undefined): void
}

/** An outcome may overtake the answer to the ask that it is about, by this much at the most. */
const heardMs = 5000

/** Nobody waits at first. */
export function createWaitingCallers(clock: Clock): WaitingCallers {
  // Owned here, by the row's id; bounded by the connections that wait.
  const callers = new Map<number, Set<Caller>>()
  // What was heard lately, for who learns the number of their row only after that; in the order of hearing.
  const heard = new Map<number, RowOutcome & { atMs: number }>()

  function tell(id: number, isMeant: (caller: Caller) => boolean, outcome: UpdateOutcome | undefined): void {
    for (const caller of [...(callers.get(id) ?? [])].filter(isMeant)) caller.tell(outcome)
  }

  function remember(news: RowOutcome): void {
    heard.delete(news.id)
    heard.set(news.id, { ...news, atMs: clock.now() })
    for (const [id, { atMs }] of heard) {
      if (clock.now() - atMs < heardMs) break
      heard.delete(id)
    }
  }

  return {
    wait({ id, seq }, waitMs) {
      const known = heard.get(id)
      if (known?.outcome && known.seq >= seq)
        return Promise.resolve(seq < known.firstSeq ? superseded : (known.outcome as UpdateOutcome))
      return new Promise((resolve) => {
        const cancel = clock.after(waitMs, () => caller.tell(late))
        const ofRow = callers.get(id) ?? new Set()
        const caller: Caller = {
          seq,
          sinceMs: clock.now(),
          tell(outcome) {
            cancel()
            ofRow.delete(caller)
            if (ofRow.size === 0 && callers.get(id) === ofRow) callers.delete(id)
            resolve(outcome)
          },
        }
        callers.set(id, ofRow.add(caller))
      })
    },
    hear(news) {
      const { id, firstSeq, seq, outcome } = news
      remember(news)
      tell(id, (caller) => caller.seq < firstSeq, superseded)
      if (outcome) tell(id, (caller) => caller.seq <= seq, outcome as UpdateOutcome)
    },
    ids(ageMs) {
      const old = ({ sinceMs }: Caller) => clock.now() - sinceMs >= ageMs
      return [...callers].flatMap(([id, ofRow]) => ([...ofRow].some(old) ? [id] : []))
    },
    sendAway() {
      for (const id of [...callers.keys()]) tell(id, () => true, undefined)
    },
  }
}
