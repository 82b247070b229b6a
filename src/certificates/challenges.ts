import type { Logger } from 'pino'
import type { UpdateOutcome } from '../registrar/record.js'
import type { Registrar } from '../registrar/registrar.js'
import type { ChallengeLedger } from './ledger.js'

/** How a client proves a name: it sets a value, and may take it away. */
export interface Challenges {
  /** Sets the value beside those that are there. Idempotent. */
  present(name: string, value: string): Promise<UpdateOutcome>
  /** Takes this value away, and the record with the last one. Idempotent. */
  cleanUp(name: string, value: string): Promise<UpdateOutcome>
  /** Sets the value for a client that never cleans up: of the values set like this, the newest two stay. */
  roll(name: string, value: string): Promise<UpdateOutcome>
  /** Takes away the values that were asked for `ageMs` ago or earlier. Rejects never; resolves when that is settled. */
  removeOlderThan(ageMs: number): Promise<void>
}

/** A CA reads the value within minutes, and nobody after it. */
const ttlSeconds = 60
/** A name and its wildcard in one order need two at once. acme-dns keeps as many. */
const rollingValues = 2

/** Challenges by way of this registrar. */
export function createChallenges(
  registrar: Pick<Registrar, 'register'>,
  ledger: ChallengeLedger,
  log: Logger,
): Challenges {
  async function register(
    name: string,
    wanted: ReadonlyMap<string, boolean>,
    action: string,
  ): Promise<UpdateOutcome> {
    const startedMs = performance.now()
    const droppable = ledger.entriesOf(name).map(({ value }) => quote(value))
    const edits = { wanted: new Map([...wanted].map(([value, is]) => [quote(value), is])), droppable }
    const target = { kind: 'values', edits } as const
    const told = await registrar.register({ name, type: 'TXT', target, ttlSeconds })
    const outcome = withoutValues(told, wanted.keys())
    const { kind, ...details } = outcome
    const ms = Math.round(performance.now() - startedMs)
    const line = { name, action, outcome: kind, ...details, ms }
    if (kind === 'good' || kind === 'nochg') log.info(line, 'challenge')
    else log.warn(line, 'challenge')
    return outcome
  }

  async function set(name: string, value: string, removed: readonly string[], isRolling: boolean) {
    const isNew = ledger.note(name, value, isRolling)
    const wanted = new Map([...removed.map((old) => [old, false] as const), [value, true]])
    const outcome = await register(name, wanted, 'present')
    if (outcome.kind === 'unavailable') return outcome
    // One that stood there before anybody asked us for it is not ours; one that was asked for before was written meanwhile.
    const isOurs = outcome.kind === 'good' || (outcome.kind === 'nochg' && !isNew)
    if (isOurs) ledger.confirm(name, value)
    else if (isNew) ledger.forget(name, value)
    if (outcome.kind !== 'refused') for (const old of removed) ledger.forget(name, old)
    return outcome
  }

  async function remove(name: string, values: readonly string[], action: string) {
    const outcome = await register(name, new Map(values.map((value) => [value, false])), action)
    if (outcome.kind !== 'unavailable') for (const value of values) ledger.forget(name, value)
    return outcome
  }

  return {
    present: (name, value) => set(name, value, [], false),
    cleanUp: (name, value) => remove(name, [value], 'clean up'),
    roll(name, value) {
      const others = ledger.entriesOf(name).filter((entry) => entry.isRolling && entry.value !== value)
      const outdated = others.slice(0, Math.max(0, others.length - (rollingValues - 1)))
      return set(
        name,
        value,
        outdated.map((entry) => entry.value),
        true,
      )
    },
    async removeOlderThan(ageMs) {
      const old = [...ledger.olderThan(ageMs)]
      await Promise.all(old.map(([name, values]) => remove(name, values, 'remove what nobody cleaned up')))
    },
  }
}

/** As Route 53 spells it. No character of a value needs to be escaped. */
function quote(value: string): string {
  return `"${value}"`
}

/** Route 53's sentences may quote what they are about, and neither a log line nor an answer about a failure has it. */
function withoutValues(outcome: UpdateOutcome, values: Iterable<string>): UpdateOutcome {
  if (!('reason' in outcome)) return outcome
  let { reason } = outcome
  for (const value of values) reason = reason.replaceAll(value, '…')
  return { ...outcome, reason }
}
