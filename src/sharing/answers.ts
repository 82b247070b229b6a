import type { UpdateOutcome } from '../registrar/record.js'

/** What those hear whose time is up. */
export const late = unavailable('it was not settled in time; it is still being tried')

/** What those hear who asked for something that is not wanted any more. */
export const superseded = unavailable('something newer was asked for before this was written')

/** What those hear who come when too many wait already. */
export const tooMany = unavailable('too many records wait to be written')

/** What those hear who come when the service ends. */
export const shuttingDown = unavailable('the service is shutting down')

function unavailable(reason: string): UpdateOutcome {
  return { kind: 'unavailable', reason }
}
