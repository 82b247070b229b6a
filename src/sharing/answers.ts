import { unavailable } from '../registrar/record.js'

/** What those hear whose time is up. */
export const late = unavailable('late', 'it was not settled in time; it is still being tried')

/** What those hear who asked for something that is not wanted any more. */
export const superseded = unavailable('superseded', 'something newer was asked for before this was written')

/** What those hear who come when too many wait already. */
export const tooMany = unavailable('too-many', 'too many records wait to be written')

/** What those hear who come when the service ends. */
export const shuttingDown = unavailable('shutting-down', 'the service is shutting down')
